"""Small changes of a plan that annealing tries: somebody takes a place over, gives one away for it, fills an empty one.

Each is a short chain: somebody takes a seat, gives up one of their own if it is in the way, and that one goes to a third
person (or to the one who was replaced). What a chain costs is reckoned from differences, never from the whole.
"""

from math import exp
from random import Random

from services.roster.planning.board import Board
from services.roster.planning.objective import SPARE

MISSING = 10**9  # points for somebody missing below a minimum: more than all else together
NOBODY = -1


class Moves:
    """Tries changes on a board; `heat` is what a change for the worse may cost about."""

    def __init__(self, board: Board, dice: Random) -> None:
        self.board, self.grid, self.heat = board, board.grid, 1.0
        self._random = dice.random
        self.seats: list[list[int]] = [[] for _ in self.grid.people]
        for v, seat in board.pairs():
            if (v, seat) not in self.grid.fixed:
                self.seats[v].append(seat)
        self.open = [
            seat
            for seat, most in enumerate(self.grid.most)
            if len(board.crew[seat]) < most and self.grid.who[seat]
        ]
        self._live = [seat for seat, who in enumerate(self.grid.who) if who]

    def step(self) -> int:
        """Try one change; return by how much the plan costs more now (0: nothing was changed)."""
        if not self._live:
            return 0
        if self.open and self._random() < 0.15:
            return self._fill()
        return self._take_over()

    def _one_of(self, some: list[int]) -> int:
        return some[int(self._random() * len(some))]

    def _accepts(self, delta: int) -> bool:
        return delta <= 0 or self._random() < exp(-delta / self.heat)

    def _take_over(self) -> int:
        """Somebody takes another one's place, perhaps for one of their own."""
        grid, board = self.grid, self.board
        seat = self._one_of(self._live)
        crew = board.crew[seat]
        if not crew:
            return 0
        v, w = self._one_of(crew), self._one_of(grid.who[seat])
        s = grid.shift_of[seat]
        if board.held[w] >> s & 1 or (v, seat) in grid.fixed:
            return 0
        if not board.paired(s, v, w):
            return 0
        if self._random() < 0.5 and self._free_for(w, s, NOBODY):
            delta = self._leaving(v, s) + self._coming(w, s)
            if not self._accepts(delta):
                return 0
            self._move(v, seat, NOBODY)
            self._move(w, NOBODY, seat)
            return delta
        return self._exchange(v, seat, w)

    def _exchange(self, v: int, seat: int, w: int) -> int:
        """`w` gives one of their places up and takes `v`'s; `v` or a third person takes the one given up."""
        grid, board = self.grid, self.board
        if not self.seats[w]:
            return 0
        other, s = self._one_of(self.seats[w]), grid.shift_of[seat]
        t = grid.shift_of[other]
        if s == t or not self._free_for(w, s, t):
            return 0
        u = v if grid.allowed[v][other] and self._random() < 0.7 else self._one_of(grid.who[other])
        if u == w or not board.paired(t, w, u):
            return 0
        if not self._free_for(u, t, s if u == v else NOBODY):
            return 0
        quarters = grid.quarters
        more = quarters[s] - quarters[t]
        delta = self._strain(w, more) + board.holding(w, s) - board.holding(w, t)
        if u == v:
            delta += self._strain(v, -more) + board.holding(v, t) - board.holding(v, s)
        else:
            delta += self._leaving(v, s) + self._coming(u, t)
        if not self._accepts(delta):
            return 0
        self._move(v, seat, NOBODY)
        self._move(w, other, seat)
        self._move(u, NOBODY, other)
        return delta

    def _fill(self) -> int:
        """Somebody takes an empty place; one of their own, if it is in the way, goes to a third person or stays empty."""
        grid, board = self.grid, self.board
        seat = self._one_of(self.open)
        w, s = self._one_of(grid.who[seat]), grid.shift_of[seat]
        if board.held[w] >> s & 1 or not board.paired(s, NOBODY, w):
            return 0
        if self._free_for(w, s, NOBODY):
            delta = self._coming(w, s) - self._worth(seat, 0)
            if not self._accepts(delta):
                return 0
            self._move(w, NOBODY, seat)
            return delta
        if not self.seats[w]:
            return 0
        other = self._one_of(self.seats[w])
        t = grid.shift_of[other]
        if s == t or not self._free_for(w, s, t):
            return 0
        return self._fill_by_giving_up(w, seat, other)

    def _fill_by_giving_up(self, w: int, seat: int, other: int) -> int:
        grid, board = self.grid, self.board
        s, t = grid.shift_of[seat], grid.shift_of[other]
        u = self._one_of(grid.who[other])
        if u == w or not board.paired(t, w, u) or not self._free_for(u, t, NOBODY):
            u = NOBODY
            if not board.paired(t, w, NOBODY):
                return 0
        more = grid.quarters[s] - grid.quarters[t]
        delta = self._strain(w, more) + board.holding(w, s) - board.holding(w, t)
        delta -= self._worth(seat, 0)
        delta += self._worth(other, 1) if u == NOBODY else self._coming(u, t)
        if not self._accepts(delta):
            return 0
        self._move(w, other, seat)
        if u != NOBODY:
            self._move(u, NOBODY, other)
        return delta

    def _free_for(self, v: int, s: int, without: int) -> bool:
        """Tell whether a shift goes with what somebody has, but for one shift they would give up."""
        grid, board = self.grid, self.board
        held, week = board.held[v], grid.week[s]
        taken = board.in_week[v][week]
        if without != NOBODY:
            held ^= 1 << without
            taken -= grid.week[without] == week
        if taken >= grid.weekly[v]:
            return False
        bans = grid.bans[v]
        if held & bans.pairs[s]:
            return False
        return not any(held & turn == turn for turn in bans.turns[s])

    def _strain(self, v: int, more: int) -> int:
        load, strain = self.board.load[v], self.grid.strain
        return strain[load + more] - strain[load]

    def _leaving(self, v: int, s: int) -> int:
        return self._strain(v, -self.grid.quarters[s]) - self.board.holding(v, s)

    def _coming(self, v: int, s: int) -> int:
        return self._strain(v, self.grid.quarters[s]) + self.board.holding(v, s)

    def _worth(self, seat: int, leaving: int) -> int:
        """Return what one person more is worth on a seat, once `leaving` people are gone."""
        there = len(self.board.crew[seat]) - leaving
        return MISSING if there < self.grid.least[seat] else SPARE

    def _move(self, v: int, old: int, new: int) -> None:
        """Change the board, and the lists of seats kept here."""
        board, mine = self.board, self.seats[v]
        if old != NOBODY:
            if len(board.crew[old]) == self.grid.most[old]:
                self.open.append(old)
            board.take(v, old)
            mine.remove(old)
        if new != NOBODY:
            board.put(v, new)
            mine.append(new)
            if len(board.crew[new]) == self.grid.most[new]:
                self.open.remove(new)
