"""Following sessions: each staffing entry is a shift; changed sessions move shifts and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from services.roster import events
from services.roster.models import Assignment, Offer, SessionCopy, Shift, Volunteer
from services.roster.models.assignment import (
    ACCEPTED,
    ATTENDED,
    BY_SESSION,
    LIVE,
    MOVING,
)
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import CANCELLED, OPEN
from services.roster.queries.offers import open_offers
from services.roster.use_cases.assignments import release, visible_assignment
from services.roster.use_cases.offers import withdraw_offers
from services.roster.use_cases.staffing import announce_staffing, enter_session
from shared.database import upsert_by_version
from shared.ids import new_id

_BLIND = {"synchronize_session": False}


@dataclass(frozen=True)
class Staffing:
    """One staffing entry of a session: who is needed, how many, and when."""

    position: int
    role: dict[str, Any]
    skill: str | None
    needed: int
    at_most: int
    starts_at: datetime
    ends_at: datetime
    level: int = 1


def follow_session(
    session: Session,
    session_id: str,
    version: int,
    values: dict[str, Any],
    staffing: Sequence[Staffing],
) -> None:
    """Take over a session as it stands; people who accepted are moved along, or released.

    They are released where the session is cancelled, where their shift is no longer wanted, and
    where the moved shift would overlap another one of theirs.
    """
    _lock_people(session, session_id)
    if not upsert_by_version(session, SessionCopy, session_id, version, values):
        return
    copy = enter_session(session, session_id)
    wanted = staffing if copy.state == PUBLISHED else []
    stand = {shift.position: shift for shift in _shifts(session, session_id)}
    for position in sorted(set(stand) - {entry.position for entry in wanted}):
        _cancel(session, stand[position])
    moved = [
        stand[entry.position].id
        for entry in wanted
        if entry.position in stand and _change(session, stand[entry.position], entry)
    ]
    for entry in wanted:
        if entry.position not in stand:
            _create(session, session_id, entry)
    for shift_id in moved:  # what was offered is not what it is now
        withdraw_offers(session, open_offers(session, _offers_of(shift_id)))
    _move_people(session, moved)
    announce_staffing(session, copy)


def _lock_people(session: Session, session_id: str) -> None:
    """Take the locks of the people first, as an acceptance does, in ascending order."""
    people = select(Assignment.person_id).where(
        Assignment.session_id == session_id, Assignment.state.in_(LIVE)
    )
    session.execute(
        select(Volunteer.person_id)
        .where(Volunteer.person_id.in_(people))
        .order_by(Volunteer.person_id)
        .with_for_update(key_share=True)
    ).all()


def _shifts(session: Session, session_id: str) -> Sequence[Shift]:
    statement = select(Shift).where(Shift.session_id == session_id)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def _create(session: Session, session_id: str, entry: Staffing) -> None:
    row = {"id": new_id(), "session_id": session_id, "position": entry.position}
    session.execute(insert(Shift).values(**row, **_columns(entry), places=entry.at_most))


def _change(session: Session, shift: Shift, entry: Staffing) -> bool:
    """Write the entry into its shift; return whether its people are to be told."""
    columns = _columns(entry)
    told = ("role", "skill", "starts_at", "ends_at")
    differs = any(getattr(shift, name) != columns[name] for name in told)
    session.execute(
        update(Shift)
        .where(Shift.id == shift.id)
        .values(**columns, places=max(entry.at_most, shift.accepted + shift.held))
        .execution_options(**_BLIND)
    )
    return differs


def _columns(entry: Staffing) -> dict[str, Any]:
    return {
        "role": entry.role,
        "skill": entry.skill,
        "level": entry.level,
        "needed": entry.needed,
        "at_most": entry.at_most,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "state": OPEN,
    }


def _cancel(session: Session, shift: Shift) -> None:
    session.execute(
        update(Shift)
        .where(Shift.id == shift.id)
        .values(state=CANCELLED)
        .execution_options(**_BLIND)
    )
    withdraw_offers(session, open_offers(session, Offer.shift_id == shift.id))
    for row in _live(session, [shift.id]):
        release(session, row, by=BY_SESSION)


def _offers_of(shift_id: str) -> ColumnElement[bool]:
    """Return which offers speak of a shift: it is offered, or would be given in return."""
    on_it = select(Assignment.id).where(Assignment.shift_id == shift_id)
    return or_(Offer.shift_id == shift_id, Offer.in_return.in_(on_it))


def _live(session: Session, shift_ids: Sequence[str]) -> Sequence[Assignment]:
    statement = (
        select(Assignment)
        .where(Assignment.shift_id.in_(shift_ids), Assignment.state.in_(LIVE))
        .order_by(Assignment.accepted_at, Assignment.id)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def _move_people(session: Session, shift_ids: Sequence[str]) -> None:
    """Move the people of moved shifts along: all step off the time line, then back one by one.

    Stepping off first keeps two shifts of one volunteer from blocking each other on the way.
    """
    rows = sorted(_live(session, shift_ids), key=lambda row: row.state != ATTENDED)
    ids = [row.id for row in rows]
    session.execute(
        update(Assignment)
        .where(Assignment.id.in_(ids))
        .values(state=MOVING)
        .execution_options(**_BLIND)
    )
    for row in rows:
        _move(session, row)


def _move(session: Session, row: Assignment) -> None:
    state, shift = row.state, session.get_one(Shift, row.shift_id, populate_existing=True)
    times = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    change = Assignment.change(row.id, MOVING, state=state, changed_by=BY_SESSION, **times)
    try:
        with session.begin_nested():
            session.execute(change)
    except IntegrityError:  # it overlaps another shift of theirs now
        if state == ACCEPTED:
            release(session, row, by=BY_SESSION, state=MOVING)
            return
        session.execute(Assignment.change(row.id, MOVING, state=state))  # has come: stays
    moved = visible_assignment(session, row.id)
    type = events.SHIFT_ATTENDED if state == ATTENDED else events.SHIFT_ACCEPTED
    events.assignment(session, type, moved, shift)
