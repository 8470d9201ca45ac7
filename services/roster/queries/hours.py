"""Reads of hours: what counts now, the entries it follows from, objections, and totals without trials."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, Entry, Hours, Objection
from services.roster.models.hours import LOOKS
from services.roster.models.objection import WAITS
from services.roster.models.period import day_after, local_day
from services.roster.models.policy import HoursPolicy, in_force
from services.roster.queries.periods import twice, was_corrected
from services.roster.queries.policies import policies
from shared.pagination import Page, page

FORGOTTEN, DOUBLE, CORRECTED, OBJECTED = "forgotten", "double", "corrected", "objections"
SHOWS = (FORGOTTEN, DOUBLE, *LOOKS, CORRECTED, OBJECTED)


@dataclass(frozen=True)
class HoursView:
    """Hours with every entry of theirs, oldest first, and what was objected to."""

    hours: Hours
    entries: Sequence[Entry]
    objections: Sequence[Objection]
    object_until: datetime
    policy: HoursPolicy

    @property
    def objected(self) -> bool:
        """Tell whether the newest entry was objected to."""
        return any(one.about == self.hours.version for one in self.objections)

    def can_object(self, at: datetime) -> bool:
        """Tell whether the volunteer may object ``at`` a moment."""
        return not self.objected and at < self.object_until


@dataclass(frozen=True)
class Wanted:
    """Which hours are looked for; None means that it does not matter."""

    person_id: str | None = None
    people: Sequence[str] | None = None
    month: str | None = None
    show: str | None = None


def hours_of(
    session: Session, wanted: Wanted, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return one page of hours, newest first; of everybody where no person is named."""
    keys = [Hours.checked_in_at, Hours.assignment_id]
    found = page(session, _whole().where(*_asked(wanted)), keys, cursor, limit, descending=True)
    return Page(views(session, found.items), found.next_cursor)


def hours_of_assignment(session: Session, assignment_id: str) -> HoursView | None:
    """Return the hours of one assignment."""
    statement = _whole().where(Hours.assignment_id == assignment_id)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return views(session, [row])[0] if row else None


def total_minutes(session: Session, wanted: Wanted) -> int:
    """Return the minutes served in all, trials left out."""
    statement = select(func.coalesce(func.sum(Hours.minutes), 0)).where(~Hours.trial)
    return int(session.execute(statement.where(*_asked(wanted))).scalar_one())


def minutes_by_assignment(session: Session, assignment_ids: list[str]) -> dict[str, int]:
    """Return the recorded minutes of several assignments in one read."""
    rows = session.execute(
        select(Hours.assignment_id, Hours.minutes).where(Hours.assignment_id.in_(assignment_ids))
    )
    return {row.assignment_id: row.minutes for row in rows}


def objections_of(session: Session, ids: Iterable[str]) -> dict[str, list[Objection]]:
    """Return the objections of several assignments, oldest first."""
    statement = select(Objection).where(Objection.assignment_id.in_(list(ids)))
    found: dict[str, list[Objection]] = defaultdict(list)
    fresh = statement.order_by(Objection.raised_at, Objection.id)
    for one in session.scalars(fresh.execution_options(populate_existing=True)):
        found[one.assignment_id].append(one)
    return found


def views(session: Session, rows: Sequence[Hours]) -> list[HoursView]:
    """Return hours with their entries and objections, in three reads."""
    ids = [row.assignment_id for row in rows]
    entries: dict[str, list[Entry]] = defaultdict(list)
    lines = select(Entry).where(Entry.assignment_id.in_(ids)).order_by(Entry.number)
    for line in session.scalars(lines):
        entries[line.assignment_id].append(line)
    objections, versions = objections_of(session, ids), policies(session)
    return [
        HoursView(
            row,
            entries[row.assignment_id],
            objections[row.assignment_id],
            day_after(
                row.recorded_at, in_force(versions, local_day(row.recorded_at)).objection_days
            ),
            in_force(versions, row.served_on),
        )
        for row in rows
    ]


def _whole() -> Select[tuple[Hours]]:
    return select(Hours).options(
        joinedload(Hours.assignment).joinedload(Assignment.session),
        joinedload(Hours.assignment).joinedload(Assignment.shift),
    )


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.person_id is not None:
        asked.append(Hours.person_id == wanted.person_id)
    if wanted.people is not None:
        asked.append(Hours.person_id.in_(wanted.people) if wanted.people else false())
    if wanted.month is not None:
        asked.append(Hours.month == wanted.month)
    if wanted.show is not None:
        asked.append(_shown(wanted.show))
    return asked


def _shown(show: str) -> ColumnElement[bool]:
    if show in LOOKS:
        return Hours.look == show
    waits = exists().where(Objection.assignment_id == Hours.assignment_id, Objection.state == WAITS)
    return {
        FORGOTTEN: Hours.closed_by_rule.is_(True),
        DOUBLE: twice(),
        CORRECTED: was_corrected(),
        OBJECTED: waits,
    }[show]
