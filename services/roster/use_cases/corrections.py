"""Correcting hours: a new entry that says what is right, and why; the old one stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.roster.errors import (
    NotExpected,
    NotOver,
    OutOfBounds,
    OwnHours,
    PauseTooLong,
    ReasonNeeded,
    StillThere,
)
from services.roster.models import Assignment, Hours, SessionCopy
from services.roster.models.assignment import ABSENT, ACCEPTED, ATTENDED
from services.roster.models.hours import CORRECTION
from services.roster.models.session import GRACE
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.ledger import Line, write_entry
from services.roster.use_cases.staffing import lock_session
from shared import audit
from shared.database import suite_time
from shared.errors import Stale


@dataclass(frozen=True)
class Right:
    """What a coordinator says is right: from when to when, less what does not count, and why."""

    checked_in_at: datetime
    checked_out_at: datetime
    reason: str
    pause_minutes: int = 0


def correct_hours(
    session: Session, assignment_id: str, right: Right, *, seen: int, actor: str
) -> Hours:
    """Add an entry that puts the hours of an assignment right, after the version that was ``seen``.

    Also for a closed period, and (``seen`` 0) for somebody whose check-in was never noted. The same
    figures again, with a reason, confirm what a rule has set. Raises ``Stale`` where somebody was
    quicker, ``OwnHours``, ``OutOfBounds``, ``ReasonNeeded``, ``PauseTooLong``.
    """
    known = visible_assignment(session, assignment_id)
    copy = lock_session(session, known.session_id)
    row = visible_assignment(session, assignment_id)
    if actor == row.person_id:
        raise OwnHours
    stands = session.get(Hours, assignment_id, populate_existing=True)
    if (stands.version if stands else 0) != seen:
        raise Stale
    if stands is None:
        _refuse_unfit(session, row)
    line = _line(copy, right, actor)
    made = write_entry(session, row, line, trial=copy.trial)
    audit.record(session, actor, "hours.corrected", assignment_id)
    return made


def _refuse_unfit(session: Session, row: Assignment) -> None:
    """Say why hours cannot be given to somebody who has none."""
    if row.state == ATTENDED:
        raise StillThere
    if row.state not in (ACCEPTED, ABSENT):
        raise NotExpected
    if row.ends_at > suite_time(session):
        raise NotOver


def _line(copy: SessionCopy, right: Right, actor: str) -> Line:
    if not right.reason:
        raise ReasonNeeded
    in_bounds = copy.allows(right.checked_in_at) and copy.allows(right.checked_out_at)
    if not in_bounds or right.checked_out_at < right.checked_in_at:
        raise OutOfBounds(minutes=int(GRACE.total_seconds() // 60))
    line = Line(
        CORRECTION,
        right.checked_in_at,
        right.checked_out_at,
        actor,
        right.reason,
        right.pause_minutes,
    )
    if line.minutes < 0:
        raise PauseTooLong
    return line
