"""A second opinion on a plan: every hard rule written once more, in another way, from the problem alone.

It shares nothing with `rules`, `grid` and `board`, so that a mistake there is found here. It sweeps and counts where they
look up, and it judges a finished plan where they judge one step.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from services.roster.planning.problem import Cell, Problem, Shift, Volunteer


class Violation(NamedTuple):
    """A broken rule by its name, and the cells that break it together."""

    rule: str
    cells: tuple[Cell, ...]


def violations(
    problem: Problem, cells: Collection[Cell], but: Collection[str] = ()
) -> list[Violation]:
    """Return every hard rule that a plan breaks, except those named. What is fixed is not judged by itself."""
    found = [
        one
        for part in (_of_locks, _of_people, _of_shifts)
        for one in part(problem, cells)
        if one.rule not in but and not set(one.cells) <= problem.fixed
    ]
    return [*found, *(Violation("locks", (cell,)) for cell in problem.fixed - set(cells))]


def _of_locks(problem: Problem, cells: Collection[Cell]) -> Iterator[Violation]:
    for cell in cells:
        if (cell.volunteer, cell.shift) in problem.kept_off:
            yield Violation("kept_off", (cell,))


def _of_people(problem: Problem, cells: Collection[Cell]) -> Iterator[Violation]:
    mine: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        mine[cell.volunteer].append(cell)
    for name, held in mine.items():
        person = problem.volunteer[name]
        held.sort(key=lambda cell: problem.shift[cell.shift].starts_at)
        for cell in held:
            yield from _of_cell(problem, person, cell)
        yield from _of_pairs(problem, person, held)
        yield from _of_turns(problem, person, held)
        yield from _of_weeks(problem, person, held)


def _of_cell(problem: Problem, person: Volunteer, cell: Cell) -> Iterator[Violation]:
    shift, role = problem.shift[cell.shift], problem.role(cell)
    proof = [skill for skill in person.skills if skill.code == role.skill]
    valid = [one for one in proof if not one.expires_at or shift.ends_at <= one.expires_at]
    if role.skill and max((one.level for one in valid), default=0) < role.level:
        yield Violation("skill", (cell,))
    uncovered = shift.ends_at - shift.starts_at
    for span in person.free:
        uncovered -= max(
            timedelta(), min(span.end, shift.ends_at) - max(span.start, shift.starts_at)
        )
    if uncovered > timedelta():
        yield Violation("availability", (cell,))


def _of_pairs(problem: Problem, person: Volunteer, held: list[Cell]) -> Iterator[Violation]:
    for first, then in combinations(held, 2):
        a, b = problem.shift[first.shift], problem.shift[then.shift]
        if b.starts_at < a.ends_at:
            yield Violation("overlap", (first, then))
        elif a.ends_at + person.limits.rest > b.starts_at and not _joined(a, b):
            yield Violation("rest", (first, then))


def _of_turns(problem: Problem, person: Volunteer, held: list[Cell]) -> Iterator[Violation]:
    turn: list[Cell] = []
    for cell in [*held, None]:
        if cell and turn and not _joined(problem.shift[turn[-1].shift], problem.shift[cell.shift]):
            yield from _too_long(problem, person, turn)
            turn = []
        if cell is None:
            yield from _too_long(problem, person, turn)
        else:
            turn.append(cell)


def _joined(before: Shift, after: Shift) -> bool:
    return (after.starts_at - before.ends_at).total_seconds() < 15 * 60


def _too_long(problem: Problem, person: Volunteer, turn: list[Cell]) -> Iterator[Violation]:
    shifts = [problem.shift[cell.shift] for cell in turn]
    if not shifts:
        return
    if max(s.ends_at for s in shifts) - shifts[0].starts_at > person.limits.in_a_row:
        yield Violation("in_a_row", tuple(turn))


def _of_weeks(problem: Problem, person: Volunteer, held: list[Cell]) -> Iterator[Violation]:
    weeks: dict[date, list[Cell]] = defaultdict(list)
    for cell in held:
        day = problem.shift[cell.shift].starts_at.astimezone(problem.zone).date()
        weeks[day - timedelta(days=day.weekday())].append(cell)
    for taken in weeks.values():
        if len(taken) > person.limits.shifts_a_week:
            yield Violation("weekly_limit", tuple(taken))


def _of_shifts(problem: Problem, cells: Collection[Cell]) -> Iterator[Violation]:
    there = Counter((cell.shift, cell.role) for cell in cells)
    for (shift, code), count in there.items():
        crew = tuple(cell for cell in cells if cell[1:] == (shift, code))
        if count > problem.role(crew[0]).most:
            yield Violation("seats", crew)
    for shift in {cell.shift for cell in cells}:
        crew = tuple(cell for cell in cells if cell.shift == shift)
        newcomers = [cell for cell in crew if problem.volunteer[cell.volunteer].newcomer]
        placed = tuple(cell for cell in newcomers if cell not in problem.fixed)
        if placed and len(newcomers) == len(crew):
            yield Violation("pairing", placed)
