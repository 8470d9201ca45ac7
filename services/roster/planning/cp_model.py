"""A problem as a constraint model for OR-Tools' CP-SAT: the grid's tables as constraints, the objective as its sum."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from services.roster.planning.board import Board
from services.roster.planning.grid import Grid
from services.roster.planning.objective import HOUR, MOVED, SPARE, strain

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Pair = tuple[int, int]


class Model:
    """The variables of a grid and what binds them.

    `taken[v, seat]` is a yes or no; `missing[seat]` counts people below the minimum; `hours[v]` is the cost of a load.
    """

    def __init__(self, grid: Grid) -> None:
        from ortools.sat.python import cp_model

        self.grid, self.model = grid, cp_model.CpModel()
        self.taken = {
            (v, seat): self.model.new_bool_var(f"{v}/{seat}")
            for v, seats in enumerate(grid.may)
            for seat in seats
        }
        for pair in grid.fixed:
            self.taken[pair] = self.model.new_constant(1)
        self.by_person: list[list[int]] = [[] for _ in grid.people]
        self.by_seat: list[list[int]] = [[] for _ in grid.seats]
        for v, seat in self.taken:
            self.by_person[v].append(seat)
            self.by_seat[seat].append(v)
        self.missing = [self._staff(seat) for seat in range(len(grid.seats))]
        for v in range(len(grid.people)):
            self._limit(v)
        self._pair_newcomers()
        self.hours = [self._weigh(v) for v in range(len(grid.people))]

    def _staff(self, seat: int) -> "cp_model.IntVar":
        """Bound a seat's people by its places, and count who is missing below the minimum."""
        grid, there = self.grid, [self.taken[v, seat] for v in self.by_seat[seat]]
        missing = self.model.new_int_var(0, grid.least[seat], f"missing/{seat}")
        if there:
            self.model.add(sum(there) <= grid.most[seat])
        self.model.add(sum(there) + missing >= grid.least[seat])
        return missing

    def _limit(self, v: int) -> None:
        """Bound one person: shifts that exclude each other, long turns, shifts a week. Fixed ones among themselves are let be."""
        grid = self.grid
        of_shift: dict[int, list[cp_model.IntVar]] = {}
        fixed = 0
        for seat in self.by_person[v]:
            of_shift.setdefault(grid.shift_of[seat], []).append(self.taken[v, seat])
            if (v, seat) in grid.fixed:
                fixed |= 1 << grid.shift_of[seat]
        for seat in self.by_person[v]:  # no second role beside a fixed one
            if fixed >> grid.shift_of[seat] & 1 and (v, seat) not in grid.fixed:
                self.model.add(self.taken[v, seat] == 0)
        for clique in cliques(of_shift, grid.bans[v].pairs):
            self._at_most(1, [(s, of_shift[s]) for s in clique], fixed)
        for s, turns in enumerate(grid.bans[v].turns):
            for turn in turns:
                chain = [s, *bits(turn)]
                if s == min(chain) and all(one in of_shift for one in chain):
                    self._at_most(len(chain) - 1, [(n, of_shift[n]) for n in chain], fixed)
        for week in range(grid.weeks):
            here = [(s, of_shift[s]) for s in of_shift if grid.week[s] == week]
            self._at_most(grid.weekly[v], here, fixed)

    def _at_most(
        self, most: int, shifts: Iterable[tuple[int, list["cp_model.IntVar"]]], fixed: int
    ) -> None:
        """Take at most so many of these shifts, beside what is fixed."""
        given = list(shifts)
        held = sum(1 for s, _ in given if fixed >> s & 1)
        free = [one for s, each in given if not fixed >> s & 1 for one in each]
        if len(free) > max(0, most - held):
            self.model.add(sum(free) <= max(0, most - held))

    def _pair_newcomers(self) -> None:
        """Let a newcomer be on a shift only if somebody is there who is none."""
        grid = self.grid
        crews: dict[int, list[Pair]] = {}
        for v, seat in self.taken:
            crews.setdefault(grid.shift_of[seat], []).append((v, seat))
        for crew in crews.values():
            old = [self.taken[pair] for pair in crew if not grid.newcomer[pair[0]]]
            for pair in crew:
                if grid.newcomer[pair[0]] and pair not in grid.fixed:
                    self.model.add(sum(old) >= self.taken[pair])

    def _weigh(self, v: int) -> "cp_model.IntVar":
        """Bound the strain of somebody's hours from below by its straight pieces."""
        grid = self.grid
        least = grid.served[v]
        load = least + sum(
            grid.quarters[grid.shift_of[seat]] * self.taken[v, seat] for seat in self.by_person[v]
        )
        most = heaviest(grid, v, self.by_person[v])
        cost = self.model.new_int_var(strain(least), strain(most), f"hours/{v}")
        for hour in range(least // HOUR, most // HOUR + 1):
            slope = 2 * hour + 1
            self.model.add(cost >= slope * load + strain(hour * HOUR) - slope * hour * HOUR)
        return cost

    def points(self) -> "cp_model.LinearExpr | int":
        """Return the points of the objective."""
        grid = self.grid
        # an empty place is either missing below the minimum or spare; what is missing is no spare
        spare = SPARE * (sum(grid.most) - sum(self.taken.values()) - sum(self.missing))
        kept = MOVED * sum(one.bit_count() for one in grid.last)
        board = Board(grid)
        taste = sum(
            board.holding(v, grid.shift_of[seat]) * taken for (v, seat), taken in self.taken.items()
        )
        return spare + kept + taste + sum(self.hours)

    def hint(self, pairs: Iterable[Pair]) -> None:
        """Hint every variable from a plan (a partial hint does harm)."""
        grid, plan = self.grid, set(pairs)
        board = Board(grid, plan)
        for pair, variable in self.taken.items():
            if pair not in grid.fixed:
                self.model.add_hint(variable, pair in plan)
        for seat, missing in enumerate(self.missing):
            self.model.add_hint(missing, board.seat_points(seat)[0])
        for v, hours in enumerate(self.hours):
            self.model.add_hint(hours, grid.strain[board.load[v]])


def bits(of: int) -> list[int]:
    """Return the numbers of the bits that are set."""
    return [n for n in range(of.bit_length()) if of >> n & 1]


def cliques(shifts: Iterable[int], pairs: Sequence[int]) -> list[list[int]]:
    """Cover shifts that exclude each other by sets in which each excludes every other; single ones too."""
    found: list[list[int]] = []
    left = sorted(shifts)
    mine = sum(1 << s for s in left)
    seen: set[Pair] = set()
    for s in left:
        new = [t for t in bits(pairs[s] & mine) if t > s and (s, t) not in seen]
        while new or not any(s in clique for clique in found):
            clique, may = [s], pairs[s] & mine
            for t in [*new, *bits(may)]:
                if t != s and may >> t & 1 and t not in clique:
                    clique.append(t)
                    may &= pairs[t]
            seen |= {(min(a, b), max(a, b)) for a in clique for b in clique if a != b}
            found.append(clique)
            new = [t for t in new if (s, t) not in seen]
    return found


def heaviest(grid: Grid, v: int, seats: Iterable[int]) -> int:
    """Return the most quarters that somebody can come to: the longest shifts of each week, as many as they want."""
    weeks: dict[int, set[int]] = {}
    for seat in seats:
        weeks.setdefault(grid.week[grid.shift_of[seat]], set()).add(grid.shift_of[seat])
    fixed = [s for w, seat in grid.fixed if w == v for s in (grid.shift_of[seat],)]
    most = grid.served[v] + sum(grid.quarters[s] for s in fixed)
    for shifts in weeks.values():
        longest = sorted((grid.quarters[s] for s in shifts if s not in fixed), reverse=True)
        most += sum(longest[: grid.weekly[v]])
    return most
