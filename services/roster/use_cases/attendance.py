"""Check-in, check-out, absence, and the hours that follow from them."""

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import (
    AlreadyCheckedIn,
    AlreadyCheckedOut,
    NotCheckedIn,
    NotExpected,
    NotStarted,
    OutOfBounds,
)
from services.roster.models import Assignment, Hours, SessionCopy, Shift
from services.roster.models.assignment import ABSENT, ACCEPTED, ATTENDED, BY_SELF, BY_STAFF
from services.roster.models.hours import minutes_between
from services.roster.models.session import GRACE
from services.roster.queries.assignments import forgotten
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.briefings import end_newcomer
from services.roster.use_cases.shifts import hold_time, take_place
from services.roster.use_cases.staffing import announce_staffing, enter_session
from shared import audit
from shared.database import insert_for, one_row, suite_time
from shared.errors import Refusal

CLOCK_SKEW = timedelta(minutes=2)  # a desk's device may run a little ahead
RULE = "rule"


def check_in(
    session: Session, assignment_id: str, *, actor: str, staff: bool, occurred_at: datetime | None
) -> Assignment:
    """Note that a volunteer has come, at ``occurred_at`` (device time) or now.

    Somebody marked absent who comes after all takes a place again, if one is left.
    """
    known = visible_assignment(session, assignment_id, person_id=None if staff else actor)
    copy = enter_session(session, known.session_id)
    at = suite_time(session)
    came = occurred_at or at
    _check_bounds(copy, came, at)
    row = visible_assignment(session, assignment_id)
    if row.state not in (ACCEPTED, ABSENT):
        raise _why_not_in(row)
    if row.state == ABSENT:
        take_place(session, row.shift, row.person_id, running_too=True)
    change = Assignment.change(
        row.id,
        row.state,
        state=ATTENDED,
        checked_in_at=came,
        check_in_recorded_at=at,
        changed_by=BY_STAFF if staff else BY_SELF,
    )
    hold_time(session, change, row.shift, row.person_id)
    return _attended(session, copy, assignment_id, actor, "shift.checked_in")


def check_out(
    session: Session,
    assignment_id: str,
    *,
    actor: str,
    staff: bool,
    occurred_at: datetime | None,
    on_site: bool = True,
) -> Assignment:
    """Note that a volunteer leaves and record the hours; staff may put a forgotten one right.

    Without proof of being there (``on_site``) the service ends with the shift at the latest, as it
    would for somebody who forgot to check out.
    """
    known = visible_assignment(session, assignment_id, person_id=None if staff else actor)
    copy = enter_session(session, known.session_id)
    at = suite_time(session)
    row = visible_assignment(session, assignment_id)
    if row.state != ATTENDED or row.checked_in_at is None:
        raise NotCheckedIn
    left = occurred_at or (at if on_site else max(row.checked_in_at, min(at, row.ends_at)))
    _check_bounds(copy, left, at)
    if left < row.checked_in_at:
        raise _out_of_bounds()
    _write_check_out(session, assignment_id, left, at, staff=staff)
    done = _attended(session, copy, assignment_id, actor, "shift.checked_out")
    _record_hours(session, copy, done)
    return done


def _write_check_out(
    session: Session, assignment_id: str, left: datetime, at: datetime, *, staff: bool
) -> None:
    open_still = Assignment.checked_out_at.is_(None)
    change = Assignment.change(
        assignment_id,
        ATTENDED,
        checked_out_at=left,
        check_out_recorded_at=at,
        closed_by_rule=False,
        changed_by=BY_STAFF if staff else BY_SELF,
    ).where(or_(open_still, Assignment.closed_by_rule) if staff else open_still)
    one_row(session.execute(change), AlreadyCheckedOut())


def mark_absent(session: Session, assignment_id: str, *, actor: str) -> Assignment:
    """Note that somebody did not come to a shift that has begun; the place is free again."""
    known = visible_assignment(session, assignment_id)
    copy = enter_session(session, known.session_id)
    change = Assignment.change(assignment_id, ACCEPTED, state=ABSENT, changed_by=BY_STAFF)
    begun = Assignment.starts_at <= suite_time(session)
    if session.execute(change.where(begun)).rowcount != 1:  # type: ignore[attr-defined]  # DML
        stands = visible_assignment(session, assignment_id)
        raise NotStarted() if stands.state == ACCEPTED else NotExpected()
    session.execute(Shift.give_place_back(known.shift_id))
    return _attended(session, copy, assignment_id, actor, "shift.absent")


def close_forgotten(session: Session) -> int:
    """Check out at the shift's end whoever forgot to, and flag it; return how many."""
    at = suite_time(session)
    closed = 0
    for row in forgotten(session, at):
        copy = enter_session(session, row.session_id)
        came = row.checked_in_at or row.ends_at
        change = Assignment.change(
            row.id,
            ATTENDED,
            checked_out_at=max(row.ends_at, came),
            check_out_recorded_at=at,
            closed_by_rule=True,
            changed_by=BY_STAFF,
        ).where(Assignment.checked_out_at.is_(None))
        if session.execute(change).rowcount != 1:  # type: ignore[attr-defined]  # DML
            continue
        done = _attended(session, copy, row.id, RULE, "shift.closed_by_rule")
        _record_hours(session, copy, done)
        closed += 1
    return closed


def _attended(
    session: Session, copy: SessionCopy, assignment_id: str, actor: str, act: str
) -> Assignment:
    row = visible_assignment(session, assignment_id)
    audit.record(session, actor, act, assignment_id)
    events.assignment(session, events.SHIFT_ATTENDED, row, row.shift)
    announce_staffing(session, copy)
    return row


def _record_hours(session: Session, copy: SessionCopy, row: Assignment) -> None:
    assert row.checked_in_at is not None  # noqa: S101 - attended: CHECK served_range
    assert row.checked_out_at is not None  # noqa: S101 - as above
    values = {
        "session_id": row.session_id,
        "person_id": row.person_id,
        "minutes": minutes_between(row.checked_in_at, row.checked_out_at),
        "checked_in_at": row.checked_in_at,
        "checked_out_at": row.checked_out_at,
        "closed_by_rule": row.closed_by_rule,
        "trial": copy.trial,
        "recorded_at": row.check_out_recorded_at,
    }
    statement = insert_for(session, Hours.__table__).values(
        assignment_id=row.id, version=1, **values
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["assignment_id"], set_={**values, "version": Hours.version + 1}
        )
    )
    events.hours(session, session.get_one(Hours, row.id, populate_existing=True))
    end_newcomer(session, row.person_id)


def _check_bounds(copy: SessionCopy, occurred_at: datetime, at: datetime) -> None:
    """Refuse a time outside the session, or ahead; a trial plays future days, so it may be ahead."""
    ahead = occurred_at > at + CLOCK_SKEW and not copy.trial
    if ahead or not copy.allows(occurred_at):
        raise _out_of_bounds()


def _out_of_bounds() -> OutOfBounds:
    return OutOfBounds(minutes=int(GRACE.total_seconds() // 60))


def _why_not_in(row: Assignment) -> Refusal:
    return AlreadyCheckedIn() if row.state == ATTENDED else NotExpected()
