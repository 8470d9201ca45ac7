"""Asking once, a week on, whether a repair holds; the owner's answer, taken back, and forgotten."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from services.booking.errors.feedback import NothingToSay
from services.booking.models.custody import HELD, Custody
from services.booking.models.feedback import Feedback
from services.booking.models.outcome import FIXED
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.use_cases.custody_news import announce_feedback
from shared import audit
from shared.database import insert_if_absent, suite_time

ASK_AFTER, ASK_UNTIL = timedelta(days=7), timedelta(days=30)
KEEP_WORDS = timedelta(days=365)
AT_ONCE = 200


def ask_due(session: Session) -> int:
    """Ask the owners of devices that have worked at home for a week; return how many.

    Decided now: not of a trial, not while the device is still here, not once it is back as a rework.
    """
    at = suite_time(session)
    home = func.coalesce(Ticket.handed_back_at, Ticket.closed_at)
    back = aliased(Ticket)
    due = (
        select(Ticket.id)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.state == "closed", Ticket.status == FIXED, Ticket.person_id.is_not(None))
        .where(home <= at - ASK_AFTER, home > at - ASK_UNTIL, ~ServiceSession.trial)
        .where(~exists().where(Feedback.ticket_id == Ticket.id))
        .where(~exists().where(Custody.ticket_id == Ticket.id, Custody.state.in_(HELD)))
        .where(~exists().where(back.rework_of == Ticket.id))
        .order_by(Ticket.id)
        .limit(AT_ONCE)
    )
    return sum(_ask(session, id, {"asked_at": at}) for id in session.scalars(due).all())


def answer(session: Session, ticket: Ticket, works: bool, words: str, actor_id: str) -> Feedback:
    """Keep what an owner says; saying it again changes it."""
    if ticket.state != "closed" or ticket.status != FIXED:
        raise NothingToSay
    insert_if_absent(session, Feedback, _blank(ticket.id), key=["ticket_id"])
    values = {"works": works, "words": words, "answered_at": suite_time(session)}
    mine = update(Feedback).where(Feedback.ticket_id == ticket.id)
    session.execute(mine.values(**values, version=Feedback.version + 1))
    audit.record(session, actor_id, "feedback.answer", ticket.id)
    return session.get_one(Feedback, ticket.id, populate_existing=True)


def withdraw(session: Session, ticket_id: str, actor_id: str) -> None:
    """Take an answer back as if it had never been given; the question does not come again."""
    values = {"works": None, "words": "", "answered_at": None}
    mine = update(Feedback).where(Feedback.ticket_id == ticket_id)
    session.execute(mine.values(**values, version=Feedback.version + 1))
    audit.record(session, actor_id, "feedback.withdraw", ticket_id)


def strike_words(session: Session, ticket_id: str, actor_id: str) -> None:
    """Remove words that should not stand; whether it works still counts."""
    mine = update(Feedback).where(Feedback.ticket_id == ticket_id)
    session.execute(mine.values(words="", version=Feedback.version + 1))
    audit.record(session, actor_id, "feedback.strike", ticket_id)


def forget_person(session: Session, person_id: str) -> None:
    """Forget what an erased person has said."""
    mine = select(Ticket.id).where(Ticket.person_id == person_id)
    gone = delete(Feedback).where(Feedback.ticket_id.in_(mine))
    session.execute(gone.execution_options(synchronize_session=False))


def forget_old_words(session: Session) -> None:
    """Blank words after a year; the counts stay."""
    old = (Feedback.words != "") & (Feedback.answered_at < suite_time(session) - KEEP_WORDS)
    session.execute(update(Feedback).where(old).values(words=""))


def _ask(session: Session, ticket_id: str, more: dict[str, Any]) -> bool:
    row = _blank(ticket_id) | more
    if not insert_if_absent(session, Feedback, row, key=["ticket_id"]):
        return False
    announce_feedback(session, session.get_one(Feedback, ticket_id))
    return True


def _blank(ticket_id: str) -> dict[str, Any]:
    return {"ticket_id": ticket_id, "works": None, "words": "", "version": 1}
