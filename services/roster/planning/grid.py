"""A problem in numbers: seats and people as indices, and the rules as tables that a search can ask very often.

A seat is a role of a shift. Sets of shifts are bits of an integer. Every table is filled by asking the rules.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.roster.planning.objective import INDIFFERENT, QUARTER, RATHER_NOT, strain
from services.roster.planning.problem import Cell, Limits, Problem, Shift, Volunteer
from services.roster.planning.rules import ALONE, BREAK, IN_A_ROW, PAIRS, SKILL, Case, Rule


@dataclass(frozen=True, slots=True)
class Bans:
    """What one person's limits forbid among shifts: in pairs, and as longer turns.

    `pairs[shift]` holds the shifts that do not go with it; `turns[shift]` sets that do not go with it if all of them are held.
    """

    pairs: list[int]
    turns: list[tuple[int, ...]]


class Grid:
    """The tables of a problem; shared by every solver, never changed."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.shifts = tuple(sorted(problem.shifts, key=lambda one: (one.starts_at, one.id)))
        self.people = problem.volunteers
        self._index_seats()
        self._index_people()
        self.may = [self._seats_for(person) for person in self.people]
        self.who: list[list[int]] = [[] for _ in self.seats]
        self.allowed = [bytearray(len(self.seats)) for _ in self.people]
        for v, seats in enumerate(self.may):
            for seat in seats:
                self.who[seat].append(v)
                self.allowed[v][seat] = 1
        known: dict[Limits, Bans] = {}
        self.bans = [
            known.get(p.limits) or known.setdefault(p.limits, self._bans(p)) for p in self.people
        ]
        most = max(self.served, default=0) + sum(self.quarters) + 1
        self.strain = [strain(quarters) for quarters in range(most + 1)]

    def _index_seats(self) -> None:
        self.seats = [(s, role) for s, shift in enumerate(self.shifts) for role in shift.roles]
        self.shift_of = [s for s, _ in self.seats]
        self.least = [role.least for _, role in self.seats]
        self.most = [role.most for _, role in self.seats]
        self.seat_of = {(self.shifts[s].id, role.code): n for n, (s, role) in enumerate(self.seats)}
        weeks: dict[tuple[int, int], int] = {}
        self.week = [weeks.setdefault(self.problem.week(one), len(weeks)) for one in self.shifts]
        self.weeks = len(weeks)
        self.quarters = [in_quarters(one.length) for one in self.shifts]

    def _index_people(self) -> None:
        self.number = {one.id: v for v, one in enumerate(self.people)}
        self.newcomer = [one.newcomer for one in self.people]
        self.weekly = [one.limits.shifts_a_week for one in self.people]
        self.served = [in_quarters(one.served) for one in self.people]
        self.wish = [[wish(one, shift) for shift in self.shifts] for one in self.people]
        shift = {one.id: s for s, one in enumerate(self.shifts)}
        self.last = [0] * len(self.people)
        for cell in self.problem.last:
            if cell.volunteer in self.number and cell.shift in shift:
                self.last[self.number[cell.volunteer]] |= 1 << shift[cell.shift]
        self.fixed = {self.index(cell) for cell in self.problem.fixed}

    def _seats_for(self, person: Volunteer) -> list[int]:
        """Return the seats that the rules about this person and one seat allow, in order."""
        free = [
            not breaks(ALONE, Case(self.problem, person, shift, shift.roles[0]))
            for shift in self.shifts
        ]
        return [
            seat
            for seat, (s, role) in enumerate(self.seats)
            if free[s] and not SKILL.breaks(Case(self.problem, person, self.shifts[s], role))
        ]

    def _bans(self, person: Volunteer) -> Bans:
        pairs = [1 << s for s in range(len(self.shifts))]  # one role of a shift at a time
        for a, first in enumerate(self.shifts):
            for b in self._near(a, person.limits.rest):
                case = Case(self.problem, person, first, first.roles[0], held=(self.shifts[b],))
                if breaks(PAIRS, case):
                    pairs[a] |= 1 << b
                    pairs[b] |= 1 << a
        turns: list[list[int]] = [[] for _ in self.shifts]
        for turn in self._long_turns(person, pairs):
            for s in turn:
                turns[s].append(sum(1 << other for other in turn if other != s))
        return Bans(pairs, [tuple(sets) for sets in turns])

    def _near(self, a: int, rest: timedelta) -> Collection[int]:
        """Return the later shifts that begin before the rest after shift `a` is over."""
        end: datetime = self.shifts[a].ends_at + rest
        last = a + 1
        while last < len(self.shifts) and self.shifts[last].starts_at < end:
            last += 1
        return range(a + 1, last)

    def _long_turns(self, person: Volunteer, pairs: Sequence[int]) -> list[tuple[int, ...]]:
        """Return the shortest chains of shifts without a break that are too long in a row.

        Shifts that exclude each other are in one chain only if the coordinator may have fixed both.
        """
        found: list[tuple[int, ...]] = []
        given = sum(1 << s for s in {self.shift_of[seat] for _, seat in self.fixed})
        allowed = [excluded & ~(given if given >> s & 1 else 0) for s, excluded in enumerate(pairs)]
        chains: list[tuple[int, ...]] = [(s,) for s in range(len(self.shifts))]
        while chains:
            chain = chains.pop()
            held = [self.shifts[s] for s in chain]
            if IN_A_ROW.breaks(Case(self.problem, person, held[-1], held[-1].roles[0], held[:-1])):
                found.append(chain)
                continue
            chains.extend(
                (*chain, s)
                for s in self._near(chain[-1], BREAK)
                if not any(allowed[s] >> other & 1 for other in chain)
            )
        return found

    def index(self, cell: Cell) -> tuple[int, int]:
        """Return a cell as (person, seat)."""
        return self.number[cell.volunteer], self.seat_of[cell.shift, cell.role]

    def cell(self, v: int, seat: int) -> Cell:
        """Return (person, seat) as a cell."""
        s, role = self.seats[seat]
        return Cell(self.people[v].id, self.shifts[s].id, role.code)


def breaks(rules: Sequence[Rule], case: Case) -> bool:
    """Tell whether a case breaks one of `rules`."""
    return any(rule.breaks(case) for rule in rules)


def wish(person: Volunteer, shift: Shift) -> int:
    """Return the points of a shift for a person's taste."""
    if shift.id in person.gladly:
        return 0
    return RATHER_NOT if shift.id in person.rather_not else INDIFFERENT


def in_quarters(length: timedelta) -> int:
    """Return a length in quarters of an hour, rounded up: a started quarter counts."""
    return -(-length // timedelta(minutes=QUARTER))
