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
    PeriodClosed,
)
from services.roster.models import Assignment, Hours, SessionCopy, Shift
from services.roster.models.assignment import ABSENT, ACCEPTED, ATTENDED, BY_SELF, BY_STAFF
from services.roster.models.hours import BY_RULE, PUT_RIGHT, RECORDED
from services.roster.models.period import local_day
from services.roster.models.session import GRACE
from services.roster.queries.assignments import forgotten
from services.roster.use_cases.absences import write_absence
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.ledger import Line, hold_open, write_entry
from services.roster.use_cases.shifts import hold_time, take_place
from services.roster.use_cases.staffing import announce_staffing, enter_session
from shared import audit
from shared.database import one_row, suite_time
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
    hold_open(session, local_day(came))
    if row.state not in (ACCEPTED, ABSENT) or session.get(Hours, row.id) is not None:
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
    kind = _refuse_corrected(session, assignment_id)
    _write_check_out(session, assignment_id, left, at, staff=staff)
    done = _attended(session, copy, assignment_id, actor, "shift.checked_out")
    _record_hours(session, copy, done, kind, actor)
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


def mark_absent(
    session: Session, assignment_id: str, *, actor: str, excused: bool = False, reason: str = ""
) -> Assignment:
    """Note that somebody did not come to a shift that has begun, and whether they had a reason.

    The place is free again.
    """
    known = visible_assignment(session, assignment_id)
    copy = enter_session(session, known.session_id)
    change = Assignment.change(assignment_id, ACCEPTED, state=ABSENT, changed_by=BY_STAFF)
    begun = Assignment.starts_at <= suite_time(session)
    if session.execute(change.where(begun)).rowcount != 1:  # type: ignore[attr-defined]  # DML
        stands = visible_assignment(session, assignment_id)
        raise NotStarted() if stands.state == ACCEPTED else NotExpected()
    session.execute(Shift.give_place_back(known.shift_id))
    absent = _attended(session, copy, assignment_id, actor, "shift.absent")
    write_absence(session, absent, excused=excused, reason=reason, actor=actor)
    return absent


def close_forgotten(session: Session) -> int:
    """Check out at the shift's end whoever forgot to, and flag it; return how many."""
    at = suite_time(session)
    closed = 0
    for row in forgotten(session, at):
        copy = enter_session(session, row.session_id)
        came = row.checked_in_at or row.ends_at
        if _is_closed(session, came):
            continue  # a trial's, left open: it counts nowhere
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
        _record_hours(session, copy, done, BY_RULE, RULE)
        closed += 1
    return closed


def _is_closed(session: Session, at: datetime) -> bool:
    try:
        hold_open(session, local_day(at))
    except PeriodClosed:
        return True
    return False


def _attended(
    session: Session, copy: SessionCopy, assignment_id: str, actor: str, act: str
) -> Assignment:
    row = visible_assignment(session, assignment_id)
    audit.record(session, actor, act, assignment_id)
    events.assignment(session, events.SHIFT_ATTENDED, row, row.shift)
    announce_staffing(session, copy)
    return row


def _record_hours(
    session: Session, copy: SessionCopy, row: Assignment, kind: str, actor: str
) -> None:
    assert row.checked_in_at is not None  # noqa: S101 - attended: CHECK served_range
    assert row.checked_out_at is not None  # noqa: S101 - as above
    line = Line(kind, row.checked_in_at, row.checked_out_at, actor)
    write_entry(session, row, line, trial=copy.trial)


def _refuse_corrected(session: Session, assignment_id: str) -> str:
    """Return the kind of the entry that a check-out makes; what is settled is not settled again."""
    stands = session.get(Hours, assignment_id, populate_existing=True)
    if stands is None:
        return RECORDED
    if not stands.closed_by_rule:
        raise AlreadyCheckedOut
    return PUT_RIGHT


def _check_bounds(copy: SessionCopy, occurred_at: datetime, at: datetime) -> None:
    """Refuse a time outside the session, or ahead; a trial plays future days, so it may be ahead."""
    ahead = occurred_at > at + CLOCK_SKEW and not copy.trial
    if ahead or not copy.allows(occurred_at):
        raise _out_of_bounds()


def _out_of_bounds() -> OutOfBounds:
    return OutOfBounds(minutes=int(GRACE.total_seconds() // 60))


def _why_not_in(row: Assignment) -> Refusal:
    return NotExpected() if row.state not in (ACCEPTED, ABSENT, ATTENDED) else AlreadyCheckedIn()
