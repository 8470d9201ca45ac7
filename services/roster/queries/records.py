"""Reads for records of service hours: what the ledger says of somebody's days, and the records that stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, Hours, HoursPolicy
from services.roster.models.policy import in_force, rounded
from services.roster.models.record import VALID, ServiceRecord
from services.roster.queries.policies import policies
from shared.pagination import Page, page


@dataclass(frozen=True)
class Served:
    """What one person served between two days: the lines, exact and as the policy counts."""

    person_id: str
    lines: tuple[dict[str, Any], ...]
    minutes: int
    counted: int
    policies: tuple[int, ...]

    def is_as_in(self, record: ServiceRecord) -> bool:
        """Tell whether a record says the same: every line, and what it counts for."""
        return list(self.lines) == record.lines and self.counted == record.counted_minutes


def served(
    session: Session, first: date, last: date, person_ids: Iterable[str] | None = None
) -> list[Served]:
    """Return what was served from ``first`` to ``last``, both included, without trials; by person."""
    wanted = (
        select(Hours)
        .where(between(first, last), ~Hours.trial, Hours.minutes > 0)
        .options(
            joinedload(Hours.assignment).joinedload(Assignment.session),
            joinedload(Hours.assignment).joinedload(Assignment.shift),
        )
        .order_by(Hours.checked_in_at, Hours.assignment_id)
    )
    if person_ids is not None:
        wanted = wanted.where(Hours.person_id.in_(set(person_ids)))
    by_person: dict[str, list[Hours]] = defaultdict(list)
    for row in session.scalars(wanted):
        by_person[row.person_id].append(row)
    versions = policies(session)
    return [_served(person, rows, versions) for person, rows in sorted(by_person.items())]


def valid_records(
    session: Session, first: date, last: date, person_ids: Iterable[str]
) -> dict[str, ServiceRecord]:
    """Return the valid records of exactly this stretch, by person."""
    wanted = select(ServiceRecord).where(
        ServiceRecord.person_id.in_(set(person_ids)),
        ServiceRecord.first_day == first,
        ServiceRecord.last_day == last,
        ServiceRecord.state == VALID,
    )
    return {row.person_id: row for row in session.scalars(wanted)}


def records(
    session: Session,
    *,
    person_id: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of records, the newest first."""
    wanted = select(ServiceRecord)
    if person_id is not None:
        wanted = wanted.where(ServiceRecord.person_id == person_id)
    if state is not None:
        wanted = wanted.where(ServiceRecord.state == state)
    keys = [ServiceRecord.issued_at, ServiceRecord.id]
    return page(session, wanted, keys, cursor, limit, descending=True)


def by_code(session: Session, code: str) -> ServiceRecord | None:
    """Return the record that a printed code belongs to."""
    return session.scalars(select(ServiceRecord).where(ServiceRecord.code == code)).one_or_none()


def minutes_now(session: Session, row: ServiceRecord) -> int:
    """Return what the ledger says today of a record's days: another sum asks for another record."""
    total = select(func.coalesce(func.sum(Hours.minutes), 0)).where(
        between(row.first_day, row.last_day), ~Hours.trial, Hours.person_id == row.person_id
    )
    return int(session.execute(total).scalar_one())


def between(first: date, last: date) -> ColumnElement[bool]:
    """Return the condition of hours served from ``first`` to ``last``, both included."""
    return Hours.served_on.between(first, last)


def _served(person_id: str, rows: Sequence[Hours], versions: Sequence[HoursPolicy]) -> Served:
    days: dict[date, int] = defaultdict(int)
    for row in rows:
        days[row.served_on] += row.minutes
    held = {in_force(versions, day).version for day in days}
    minutes, counted = sum(days.values()), rounded(versions, days)
    lines = tuple(_line(row) for row in rows)
    return Served(person_id, lines, minutes, counted, tuple(sorted(held)))


def _line(row: Hours) -> dict[str, Any]:
    return {
        "assignment_id": row.assignment_id,
        "day": row.served_on.isoformat(),
        "project": row.assignment.session.title,
        "place": row.assignment.session.venue_name,
        "role": row.assignment.shift.role,
        "minutes": row.minutes,
    }
