"""Whether repairs hold: the share that still works, what was said, how many came back."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.booking.models.feedback import Feedback
from services.booking.models.outcome import FIXED
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from shared.pagination import Page, page

FEWEST = 5  # answers of a category before its share is shown


def summary(session: Session, since: datetime) -> dict[str, Any]:
    """Count the answers of tickets closed since then; a category's share only from five answers on."""
    ours = (Ticket.closed_at >= since) & (Ticket.status == FIXED) & ~ServiceSession.trial
    works = func.sum(case((Feedback.works.is_(True), 1), else_=0))
    rows = session.execute(
        select(Ticket.category_id, func.count(Feedback.works), works, func.count())
        .add_columns(func.count(Feedback.asked_at))
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .outerjoin(Feedback, Feedback.ticket_id == Ticket.id)
        .where(ours)
        .group_by(Ticket.category_id)
    ).all()
    answered, hold = sum(one[1] for one in rows), sum(int(one[2] or 0) for one in rows)
    return {
        "fixed": sum(one[3] for one in rows),
        "asked": sum(one[4] for one in rows),
        "answered": answered,
        "works": hold,
        "share": hold / answered if answered else None,
        "reworks": _reworks(session, since),
        "categories": [
            {"category_id": id, "answered": many, "works": int(good or 0)}
            for id, many, good, _, _ in sorted(rows, key=lambda one: -one[1])
            if many >= FEWEST
        ],
    }


def answers(session: Session, works: bool | None, cursor: str | None, limit: int) -> Page:
    """Return what owners said, the latest first: the device and the session, no person, no volunteer."""
    wanted = select(Feedback).where(Feedback.answered_at.is_not(None))
    if works is not None:
        wanted = wanted.where(Feedback.works.is_(works))
    keys = [Feedback.answered_at, Feedback.ticket_id]
    found = page(session, wanted, keys, cursor, limit, descending=True)
    ids = [row.ticket_id for row in found.items]
    joined = (
        select(Ticket, Visit.number, ServiceSession.title)
        .outerjoin(Visit, Visit.id == Ticket.visit_id)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.id.in_(ids))
    )
    known = {
        ticket.id: (ticket, number, title) for ticket, number, title in session.execute(joined)
    }
    return Page([_answer(row, *known[row.ticket_id]) for row in found.items], found.next_cursor)


def shown(ticket: Ticket, row: Feedback | None, number: str | None) -> dict[str, Any]:
    """Return what an owner sees of their own answer."""
    names = ("category_id", "brand", "status", "closed_at", "visit_id", "session_id")
    said = {"works": row.works if row else None, "words": row.words if row else ""}
    about = {name: getattr(ticket, name) for name in names}
    can = ticket.state == "closed" and ticket.status == FIXED
    return about | said | {"ticket_id": ticket.id, "number": number, "can": can}


def _answer(
    row: Feedback, ticket: Ticket, number: str | None, title: dict[str, str]
) -> dict[str, Any]:
    names = ("ticket_id", "works", "words", "answered_at")
    about = {
        "category_id": ticket.category_id,
        "brand": ticket.brand,
        "closed_at": ticket.closed_at,
    }
    return {name: getattr(row, name) for name in names} | about | {"number": number, "title": title}


def _reworks(session: Session, since: datetime) -> int:
    back = (
        select(func.count())
        .select_from(Ticket)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.rework_of.is_not(None), Ticket.state != "cancelled", ~ServiceSession.trial)
        .where(ServiceSession.starts_at >= since)
    )
    return int(session.scalar(back) or 0)
