"""Why somebody is asked: codes with figures, the most telling first. What they say in words stands in `words`."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from services.roster.planning.problem import Cell, Problem, Volunteer
from services.roster.planning.rules import AVAILABILITY, SKILL
from services.roster.planning.standing import Standing

FIXED = "fixed"
ONLY_ONE = "only_one"
FEWEST_HOURS = "fewest_hours"
FEWER_HOURS = "fewer_hours"
ON_BALANCE = "on_balance"
FEW_FREE = "few_free"
GLADLY = "gladly"
KEPT = "kept"
GUIDES = "guides"
TIME_UNKNOWN = "time_unknown"  # these two are added by whoever knows more than the problem
AGAINST = "against"

Figures = dict[str, int | float | str]


@dataclass(frozen=True)
class Reason:
    """One reason: its code and the figures behind it."""

    code: str
    figures: Figures = field(default_factory=dict)


def reasons(problem: Problem, cells: Collection[Cell]) -> dict[Cell, tuple[Reason, ...]]:
    """Return why each cell of a plan is as it is."""
    standing, last = Standing(problem, cells), {cell[:2] for cell in problem.last}
    return {cell: tuple(_why(standing, cell, kept=cell[:2] in last)) for cell in sorted(cells)}


def _why(standing: Standing, cell: Cell, *, kept: bool) -> list[Reason]:
    problem = standing.problem
    shift, person = problem.shift[cell.shift], problem.volunteer[cell.volunteer]
    if cell in problem.fixed:
        return [Reason(FIXED)]
    found = [_among_others(standing, cell, person), *_free(standing, cell)]
    if shift.id in person.gladly:
        found.append(Reason(GLADLY))
    if kept:
        found.append(Reason(KEPT))
    crew = standing.crew[shift.id]
    newcomers = sum(other.newcomer for other, _ in crew)
    if newcomers and not person.newcomer:
        old_hands = len(crew) - newcomers
        found.append(Reason(GUIDES, {"newcomers": newcomers, "old_hands": old_hands}))
    return found


def _among_others(standing: Standing, cell: Cell, person: Volunteer) -> Reason:
    """Compare with those who could do it instead, by hours without this shift."""
    problem = standing.problem
    shift = problem.shift[cell.shift]
    there = {other.id for other, _ in standing.crew[shift.id]}
    may = standing.passing(SKILL, cell) & standing.passing(AVAILABILITY, cell) - there
    others = [
        one for one in problem.volunteers if one.id in may and standing.could_replace(one, cell)
    ]
    if not others:
        return Reason(ONLY_ONE, {"skilled": len(standing.passing(SKILL, cell))})
    mine = standing.hours(person, but=shift)
    theirs = [standing.hours(one) for one in others]
    mean = sum(theirs, timedelta()) / len(theirs)
    figures: Figures = {"hours": in_hours(mine), "others": len(others)}
    if mine <= min(theirs):
        return Reason(FEWEST_HOURS, {**figures, "next": in_hours(min(theirs))})
    if mine < mean:
        return Reason(FEWER_HOURS, {**figures, "mean": in_hours(mean)})
    return Reason(ON_BALANCE, figures)


def _free(standing: Standing, cell: Cell) -> list[Reason]:
    """Say that few of those with the skill are free then, if it is so."""
    problem = standing.problem
    skilled = standing.passing(SKILL, cell)
    both = len(skilled & standing.passing(AVAILABILITY, cell))
    if 2 * both >= len(skilled):
        return []
    weekday = problem.shift[cell.shift].starts_at.astimezone(problem.zone).isoweekday()
    return [Reason(FEW_FREE, {"weekday": weekday, "free": both, "skilled": len(skilled)})]


def in_hours(time: timedelta) -> float:
    """Return a time in hours, to the tenth."""
    return round(time.total_seconds() / 3600, 1)
