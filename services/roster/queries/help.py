"""Reads of calls for help: the open one, what I am asked, who is idle now, which shift would be helped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, HelpAsk, HelpCall, Profile, SessionCopy, Shift
from services.roster.models.assignment import LIVE
from services.roster.models.help import ASKED, OPEN
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import OPEN as SHIFT_OPEN
from services.roster.queries.candidates import candidates
from shared.database import suite_now

OF_USE = timedelta(minutes=30)  # before the end: later, nobody could make it
SOON = timedelta(minutes=15)
MOST_ASKED = 50


def ask(session: Session, ask_id: str) -> HelpAsk | None:
    """Return one ask with its call, shift and session, as it stands now."""
    statement = _asks().where(HelpAsk.id == ask_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def asks_of(session: Session, person_id: str) -> Sequence[HelpAsk]:
    """Return what somebody is asked now."""
    mine = _asks().where(
        HelpAsk.person_id == person_id,
        HelpAsk.state == ASKED,
        HelpCall.state == OPEN,
        HelpCall.ends_at > suite_now(),
    )
    return session.scalars(mine.order_by(HelpAsk.asked_at, HelpAsk.id)).all()


def wants(session: Session, person_id: str) -> bool:
    """Tell whether somebody wants to be asked on the spot."""
    profile = session.get(Profile, person_id)
    return bool(profile and profile.help)


def call_of(session: Session, call_id: str) -> HelpCall:
    """Return one call as it stands now."""
    statement = _calls().where(HelpCall.id == call_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def open_call(session: Session, session_id: str) -> HelpCall | None:
    """Return the open call of a session."""
    statement = _calls().where(HelpCall.session_id == session_id, HelpCall.state == OPEN)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def last_call(session: Session, session_id: str) -> HelpCall | None:
    """Return the newest call of a session."""
    statement = _calls().where(HelpCall.session_id == session_id)
    newest = statement.order_by(HelpCall.opened_at.desc(), HelpCall.id).limit(1)
    return session.scalars(newest).one_or_none()


def asks_in(session: Session, call_id: str) -> Sequence[HelpAsk]:
    """Return who was asked in a call, the first to answer first."""
    statement = select(HelpAsk).where(HelpAsk.call_id == call_id)
    return session.scalars(statement.order_by(HelpAsk.answered_at, HelpAsk.id)).all()


def due_calls(session: Session) -> list[str]:
    """Return the sessions whose open call is over by time, or that are over themselves."""
    statement = (
        select(HelpCall.session_id)
        .join(SessionCopy, SessionCopy.id == HelpCall.session_id)
        .where(
            HelpCall.state == OPEN,
            or_(
                HelpCall.ends_at <= suite_now(),
                SessionCopy.ends_at <= suite_now(),
                SessionCopy.state != PUBLISHED,
            ),
        )
        .order_by(HelpCall.session_id)
    )
    return list(session.scalars(statement))


def shift_to_help(session: Session, session_id: str, at: datetime) -> Shift | None:
    """Return the running shift that help would join: one that needs a skill first, then the longest left."""
    statement = (
        select(Shift)
        .where(
            Shift.session_id == session_id,
            Shift.state == SHIFT_OPEN,
            Shift.starts_at <= at + SOON,
            Shift.ends_at >= at + OF_USE,
        )
        .order_by(Shift.skill.is_(None), Shift.ends_at.desc(), Shift.position)
        .limit(1)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def idle(session: Session, shift: Shift, zone: str, at: datetime) -> list[str]:
    """Return who would be asked: they want to be, could take the shift, and are free from now on.

    A newcomer is asked only while somebody experienced is there.
    """
    found = candidates(session, shift, zone, at, helping=True)
    paired = _somebody_experienced(session, shift, at)
    free = [one for one in found if one.free and (paired or not one.newcomer)]
    return [one.person_id for one in free][:MOST_ASKED]


def _somebody_experienced(session: Session, shift: Shift, at: datetime) -> bool:
    statement = (
        select(Assignment.id)
        .join(Profile, Profile.person_id == Assignment.person_id)
        .where(
            Assignment.session_id == shift.session_id,
            Assignment.state.in_(LIVE),
            Assignment.starts_at <= at + SOON,
            Assignment.ends_at > at,
            Profile.experienced_at.is_not(None),
        )
    )
    return session.execute(statement).first() is not None


def _calls() -> Select[tuple[HelpCall]]:
    return select(HelpCall).options(joinedload(HelpCall.shift), joinedload(HelpCall.session))


def _asks() -> Select[tuple[HelpAsk]]:
    with_call = joinedload(HelpAsk.call)
    return (
        select(HelpAsk)
        .join(HelpCall, HelpCall.id == HelpAsk.call_id)
        .options(with_call.joinedload(HelpCall.shift), with_call.joinedload(HelpCall.session))
    )
