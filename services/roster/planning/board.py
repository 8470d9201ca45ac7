"""A plan that a search works on: who is where, what it costs, and whether one more would break a rule. Mutable."""

from collections.abc import Iterable

from services.roster.planning.grid import Grid
from services.roster.planning.objective import MOVED, SPARE, Cost
from services.roster.planning.problem import Cell


class Board:
    """People on seats, with every sum that a move needs kept up to date."""

    def __init__(self, grid: Grid, cells: Iterable[tuple[int, int]] = ()) -> None:
        people, shifts = len(grid.people), len(grid.shifts)
        self.grid = grid
        self.crew: list[list[int]] = [[] for _ in grid.seats]
        self.held = [0] * people  # shifts of a person, as bits
        self.load = list(grid.served)  # quarters of an hour, with those served before
        self.in_week = [[0] * grid.weeks for _ in range(people)]
        self.newcomers = [0] * shifts  # on a shift, without those whom the coordinator fixed
        self.old_hands = [0] * shifts
        for v, seat in grid.fixed:
            self.put(v, seat)
        for v, seat in cells:
            if (v, seat) not in grid.fixed:
                self.put(v, seat)

    def put(self, v: int, seat: int) -> None:
        """Put somebody on a seat, without asking."""
        self._change(v, seat, 1)
        self.crew[seat].append(v)

    def take(self, v: int, seat: int) -> None:
        """Take somebody off a seat."""
        self.crew[seat].remove(v)
        self._change(v, seat, -1)

    def _change(self, v: int, seat: int, sign: int) -> None:
        grid = self.grid
        s = grid.shift_of[seat]
        self.held[v] ^= 1 << s
        self.load[v] += sign * grid.quarters[s]
        self.in_week[v][grid.week[s]] += sign
        if not grid.newcomer[v]:
            self.old_hands[s] += sign
        elif (v, seat) not in grid.fixed:
            self.newcomers[s] += sign

    def suits(self, v: int, s: int, held: int) -> bool:
        """Tell whether a shift goes with the shifts `held` of a person: overlap, rest, hours in a row."""
        bans = self.grid.bans[v]
        if held & bans.pairs[s]:
            return False
        return not any(held & turn == turn for turn in bans.turns[s])

    def fits(self, v: int, seat: int) -> bool:
        """Tell whether somebody whom `who[seat]` names can be added: no rule breaks, and there is a place."""
        grid = self.grid
        s = grid.shift_of[seat]
        return (
            len(self.crew[seat]) < grid.most[seat]
            and self.in_week[v][grid.week[s]] < grid.weekly[v]
            and (not grid.newcomer[v] or self.old_hands[s] > 0)
            and self.suits(v, s, self.held[v])
        )

    def paired(self, s: int, leaves: int, comes: int) -> bool:
        """Tell whether no newcomer is alone on a shift once one leaves and another comes (-1: nobody)."""
        new, old, newcomer = self.newcomers[s], self.old_hands[s], self.grid.newcomer
        if leaves >= 0:
            new, old = (new - 1, old) if newcomer[leaves] else (new, old - 1)
        if comes >= 0:
            new, old = (new + 1, old) if newcomer[comes] else (new, old + 1)
        return old > 0 or new <= 0

    def holding(self, v: int, s: int) -> int:
        """Return what it costs, but for hours, that a person has a shift (a kept one earns its move back)."""
        grid = self.grid
        return grid.wish[v][s] - (MOVED if grid.last[v] >> s & 1 else 0)

    def seat_points(self, seat: int) -> tuple[int, int]:
        """Return (people missing, spare places empty) of a seat."""
        there, least = len(self.crew[seat]), self.grid.least[seat]
        return max(0, least - there), self.grid.most[seat] - max(least, there)

    def cost(self) -> Cost:
        """Count the whole cost anew."""
        grid = self.grid
        seats = [self.seat_points(seat) for seat in range(len(grid.seats))]
        points = SPARE * sum(spare for _, spare in seats)
        points += sum(grid.strain[load] for load in self.load)
        points += MOVED * sum(bits.bit_count() for bits in grid.last)
        points += sum(self.holding(v, grid.shift_of[seat]) for v, seat in self.pairs())
        return Cost(sum(short for short, _ in seats), points)

    def pairs(self) -> list[tuple[int, int]]:
        """Return everybody with their seat."""
        return [(v, seat) for seat, crew in enumerate(self.crew) for v in crew]

    def cells(self) -> frozenset[Cell]:
        """Return the plan in ids."""
        return frozenset(self.grid.cell(v, seat) for v, seat in self.pairs())

    def filled(self) -> int:
        """Return how many places are taken."""
        return sum(map(len, self.crew))
