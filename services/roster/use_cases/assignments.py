"""Dropping an assignment, and releasing people from shifts that they can no longer serve."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import NoSuchAssignment, NotDroppable, TooLateToDrop
from services.roster.models import Assignment, Shift
from services.roster.models.assignment import (
    ACCEPTED,
    BY_SELF,
    BY_STAFF,
    DROPPED,
    RELEASED,
)
from services.roster.models.shift import DROP_CUTOFF
from services.roster.queries.assignments import assignment
from services.roster.queries.offers import open_offers
from services.roster.use_cases.offers import withdraw_offers
from services.roster.use_cases.staffing import announce_staffing, enter_session
from services.roster.use_cases.stand_ins import offers_about
from services.roster.use_cases.standby import promote_standby
from shared import audit
from shared.database import suite_time


def drop_assignment(session: Session, assignment_id: str, *, actor: str, staff: bool) -> Assignment:
    """Give a shift back. A volunteer does so before the cut-off, staff until the shift's end.

    Raises ``TooLateToDrop``, ``NotDroppable``, or ``NoSuchAssignment`` (also for other people's).
    """
    known = visible_assignment(session, assignment_id, person_id=None if staff else actor)
    copy = enter_session(session, known.session_id)
    at = suite_time(session)
    in_time = (Assignment.ends_at > at) if staff else (Assignment.starts_at >= at + DROP_CUTOFF)
    change = Assignment.change(
        assignment_id,
        ACCEPTED,
        state=DROPPED,
        changed_by=BY_STAFF if staff else BY_SELF,
        dropped_at=at,
    )
    if session.execute(change.where(in_time)).rowcount != 1:  # type: ignore[attr-defined]  # DML
        raise _why_not_dropped(session, known, staff=staff)
    session.execute(Shift.give_place_back(known.shift_id))
    _no_stand_in(session, assignment_id)
    promote_standby(session, known.shift_id)
    dropped = visible_assignment(session, assignment_id)
    audit.record(session, actor, "shift.dropped", assignment_id)
    events.assignment(session, events.SHIFT_DROPPED, dropped, dropped.shift)
    announce_staffing(session, copy)
    return dropped


def release(session: Session, row: Assignment, *, by: str, state: str = ACCEPTED) -> None:
    """Release somebody from a shift of an entered session; who has attended already stays."""
    change = Assignment.change(row.id, state, state=RELEASED, changed_by=by)
    if session.execute(change).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        return
    session.execute(Shift.give_place_back(row.shift_id))
    _no_stand_in(session, row.id)
    promote_standby(session, row.shift_id)
    released = visible_assignment(session, row.id)
    events.assignment(session, events.SHIFT_DROPPED, released, released.shift)


def release_ahead(session: Session, person_id: str, *, by: str) -> int:
    """Release a person from every shift that has not started; return from how many."""
    ahead = session.scalars(
        select(Assignment)
        .where(
            Assignment.person_id == person_id,
            Assignment.state == ACCEPTED,
            Assignment.starts_at > suite_time(session),
        )
        .order_by(Assignment.session_id, Assignment.id)
    ).all()
    for session_id in sorted({row.session_id for row in ahead}):
        copy = enter_session(session, session_id)
        for row in ahead:
            if row.session_id == session_id:
                release(session, row, by=by)
        announce_staffing(session, copy)
    return len(ahead)


def _no_stand_in(session: Session, assignment_id: str) -> None:
    """Take back what was asked on behalf of somebody who is on the shift no more."""
    withdraw_offers(session, open_offers(session, offers_about(assignment_id)))


def visible_assignment(
    session: Session, assignment_id: str, *, person_id: str | None = None
) -> Assignment:
    """Return an assignment as it stands; ``person_id`` hides everybody else's (404)."""
    found = assignment(session, assignment_id)
    if found is None or person_id not in (None, found.person_id):
        raise NoSuchAssignment
    return found


def _why_not_dropped(
    session: Session, known: Assignment, *, staff: bool
) -> TooLateToDrop | NotDroppable:
    now_stands = visible_assignment(session, known.id)
    if now_stands.state == ACCEPTED and not staff:
        return TooLateToDrop(hours=int(DROP_CUTOFF.total_seconds() // 3600))
    return NotDroppable()
