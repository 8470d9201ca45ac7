"""A plan in figures: the shifts of some days, how each week is covered, what everybody would serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.roster.models import Proposal
from services.roster.models.limits import week_of
from services.roster.models.proposal import PLANNED
from services.roster.queries import proposals
from services.roster.queries.plan_people import Ask
from services.roster.queries.proposals import PlannedShift


@dataclass
class WeekFigures:
    """How one calendar week is covered."""

    monday: date
    shifts: int = 0
    needed: int = 0
    at_most: int = 0
    filled: int = 0
    missing: int = 0
    planned: int = 0


@dataclass(frozen=True)
class PersonHours:
    """Somebody's minutes in the term: served or taken, and planned here."""

    person_id: str
    have: int
    planned: int


@dataclass(frozen=True)
class Plan:
    """A proposal with its plan."""

    proposal: Proposal
    shifts: Sequence[PlannedShift]
    weeks: Sequence[WeekFigures]
    hours: Sequence[PersonHours]


def plan(session: Session, row: Proposal, from_on: date | None, until_on: date | None) -> Plan:
    """Return the plan of a proposal; its shifts only of some days, if named."""
    every = proposals.shifts_of(session, row)
    hours = [
        PersonHours(who, have, planned)
        for who, (have, planned) in proposals.hours_of(session, row, every).items()
    ]
    place = Ask(row.from_on, row.until_on, row.zone).place
    begin, end = from_on or row.from_on, until_on or row.until_on
    shown = [one for one in every if begin <= one.shift.starts_at.astimezone(place).date() <= end]
    return Plan(row, shown, _weeks(row, every), hours)


def _weeks(row: Proposal, shifts: Sequence[PlannedShift]) -> list[WeekFigures]:
    found: dict[date, WeekFigures] = {}
    monday = row.from_on - timedelta(days=row.from_on.weekday())
    while monday <= row.until_on:
        found[monday] = WeekFigures(monday)
        monday += timedelta(weeks=1)
    for one in shifts:
        week = found[week_of(one.shift.starts_at, row.zone)]
        week.shifts += 1
        week.needed += one.shift.needed
        week.at_most += one.shift.at_most
        week.filled += one.filled
        week.missing += one.missing
        week.planned += sum(1 for cell in one.cells if cell.state == PLANNED)
    return list(found.values())
