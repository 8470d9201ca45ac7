"""What could not be filled, and which rule really stands in the way: without it somebody could take the place."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from services.roster.planning.problem import Cell, Problem, Role, Shift
from services.roster.planning.standing import Standing


@dataclass(frozen=True)
class Way:
    """Rules that would have to give way together, and whom that would let in (by id)."""

    rules: frozenset[str]
    volunteers: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Empty places of a role: `missing` below the minimum, `empty` up to the maximum; `ways` to fill one, most people first.

    Every way names as few rules as there can be: each by itself, if it is one. No rules at all means that somebody may,
    but would come to too many hours. No ways: nobody is left to ask.
    """

    shift: str
    role: str
    missing: int
    empty: int
    ways: tuple[Way, ...]

    @property
    def binding(self) -> str | None:
        """Return the one rule that alone stands in the way; None if there are several ways, or it takes more than one."""
        only = {way.rules for way in self.ways}
        return next(iter(self.ways[0].rules)) if len(only) == 1 and len(*only) == 1 else None


def gaps(problem: Problem, cells: Collection[Cell]) -> tuple[Gap, ...]:
    """Return every role with an empty place, those below their minimum first, by time."""
    standing = Standing(problem, cells)
    found = [
        _gap(standing, shift, role)
        for shift in sorted(problem.shifts, key=lambda one: (one.starts_at, one.id))
        for role in shift.roles
        if standing.there(shift, role) < role.most
    ]
    return tuple(sorted(found, key=lambda gap: gap.missing == 0))


def _gap(standing: Standing, shift: Shift, role: Role) -> Gap:
    there = standing.there(shift, role)
    ways: dict[frozenset[str], list[str]] = defaultdict(list)
    on_it = {person.id for person, _ in standing.crew[shift.id]}
    for person in standing.problem.volunteers:
        if person.id not in on_it:
            ways[standing.broken(person, shift, role)].append(person.id)
    fewest = min(map(len, ways), default=0)
    best = [Way(rules, tuple(who)) for rules, who in ways.items() if len(rules) == fewest]
    best.sort(key=lambda way: (-len(way.volunteers), sorted(way.rules)))
    return Gap(shift.id, role.code, max(0, role.least - there), role.most - there, tuple(best))
