"""Writing the ledger of hours: an entry is added, and what counts now follows from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import OwnHours, PeriodClosed
from services.roster.models import Assignment, Entry, Hours, Period
from services.roster.models.hours import (
    BY_RULE,
    CORRECTION,
    NOT_ONESELF,
    look_of,
    minutes_between,
)
from services.roster.models.period import (
    CLOSED,
    MONTH,
    PERIOD_CLOSED,
    QUARTER,
    Stretch,
    local_day,
    month_of,
)
from services.roster.use_cases.briefings import end_newcomer
from shared.database import insert_for, insert_if_absent, suite_time
from shared.ids import new_id


@dataclass(frozen=True)
class Line:
    """What an entry is to say: which kind, from when to when, who notes it, and why."""

    kind: str
    checked_in_at: datetime
    checked_out_at: datetime
    noted_by: str
    reason: str = ""
    pause_minutes: int = 0

    @property
    def minutes(self) -> int:
        """Return the minutes that count."""
        return minutes_between(self.checked_in_at, self.checked_out_at) - self.pause_minutes


def write_entry(session: Session, row: Assignment, line: Line, *, trial: bool) -> Hours:
    """Add an entry about an assignment whose session is locked; announce what counts now.

    Raises ``PeriodClosed`` where the database refuses it, which it does for all but corrections.
    """
    before = session.get(Hours, row.id, populate_existing=True)
    day = before.served_on if before else local_day(line.checked_in_at)
    month = keep_periods(session, day)
    number, had = (before.version + 1, before.minutes) if before else (1, 0)
    entry = {
        "id": new_id(),
        "assignment_id": row.id,
        "number": number,
        "kind": line.kind,
        "person_id": row.person_id,
        "month": month.name,
        "quarter": month.quarter,
        "minutes": line.minutes,
        "change": line.minutes - had,
        "checked_in_at": line.checked_in_at,
        "checked_out_at": line.checked_out_at,
        "pause_minutes": line.pause_minutes,
        "reason": line.reason,
        "noted_by": line.noted_by,
        "recorded_at": suite_time(session),
    }
    with refusals():
        session.execute(insert(Entry).values(entry))
    made = _count_now(session, row, line, entry, day, trial=trial)
    if line.kind == CORRECTION:
        events.corrected(session, made, had)
    else:
        events.hours(session, made)
    end_newcomer(session, row.person_id)
    return made


def hold_open(session: Session, day: date) -> Stretch:
    """Keep the periods of a day from being closed until this transaction ends; return its month.

    Raises ``PeriodClosed`` where they are. Always the last lock: after session and assignment.
    """
    month = keep_periods(session, day)
    if CLOSED in share_periods(session, month.name, month.quarter):
        raise PeriodClosed
    return month


def share_periods(session: Session, *names: str) -> list[str]:
    """Lock periods against being closed meanwhile, beside others who do the same; return their states."""
    statement = select(Period.state).where(Period.name.in_(names)).order_by(Period.name)
    return list(session.scalars(statement.with_for_update(read=True)))


def keep_periods(session: Session, day: date) -> Stretch:
    """Make sure that the month and quarter of a day have their rows; return the month."""
    month = month_of(day)
    for name, kind in ((month.name, MONTH), (month.quarter, QUARTER)):
        insert_if_absent(session, Period, {"name": name, "kind": kind}, key=["name"])
    return month


@contextmanager
def refusals() -> Iterator[None]:
    """Say in words what the database refuses."""
    try:
        yield
    except IntegrityError as problem:
        said = str(problem.orig)
        if PERIOD_CLOSED in said:
            raise PeriodClosed from problem
        if NOT_ONESELF in said:
            raise OwnHours from problem
        raise


def _count_now(
    session: Session,
    row: Assignment,
    line: Line,
    entry: dict[str, object],
    day: date,
    *,
    trial: bool,
) -> Hours:
    values = {
        "version": entry["number"],
        "session_id": row.session_id,
        "person_id": row.person_id,
        "minutes": line.minutes,
        "checked_in_at": line.checked_in_at,
        "checked_out_at": line.checked_out_at,
        "pause_minutes": line.pause_minutes,
        "closed_by_rule": line.kind == BY_RULE,
        "trial": trial,
        "recorded_at": entry["recorded_at"],
        "served_on": day,
        "month": entry["month"],
        "look": look_of(row, line.checked_in_at, line.checked_out_at, line.minutes),
    }
    statement = insert_for(session, Hours.__table__).values(assignment_id=row.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["assignment_id"], set_=values))
    return session.get_one(Hours, row.id, populate_existing=True)
