"""Simulated annealing from the greedy plan, in rounds: each twice as long as the one before, so that any moment is good to stop.

Kirkpatrick, Gelatt, Vecchi: Optimization by Simulated Annealing (Science 220, 1983). Within a round the heat sinks
geometrically; each starts from the best plan so far. Between rounds the bound is bettered for a fifth of the time.
"""

from random import Random

from services.roster.planning.board import Board
from services.roster.planning.bound import Prices, weighed
from services.roster.planning.greedy import fill
from services.roster.planning.grid import Grid
from services.roster.planning.moves import MISSING, Moves
from services.roster.planning.objective import Cost
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import OnProgress, Progress, Proposal, Until, unheard

HOT, COLD = 150.0, 4.0  # points
FIRST_ROUND = 60_000  # moves
GLANCE = 500  # moves between looks at the clock
EVERY = 0.5  # seconds between reports while a round lasts
PER_PRICE_ROUND = 8_000  # moves for each round of the bound


class Annealing:
    """Greedy, then annealing; repeatable for a seed and a number of moves."""

    name = "annealing"

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def propose(
        self, problem: Problem, until: Until, on_progress: OnProgress = unheard
    ) -> Proposal:
        """Answer with the best plan found; the greedy one if it is stopped at once."""
        began = until.clock()
        return Run(Grid(problem), until, on_progress, self._seed, began).proposal(self.name)


class Run:
    """One search: the best plan and bound so far, and how long it may go on."""

    def __init__(
        self, grid: Grid, until: Until, on_progress: OnProgress, seed: int, began: float
    ) -> None:
        self._grid, self._until, self._tell, self._began = grid, until, on_progress, began
        self._dice = Random(seed)  # noqa: S311 - repeatable
        self.moves, self._told = 0, 0.0
        self._prices: Prices | None = None
        board = fill(Board(grid))
        self.best, self.cost = board.pairs(), board.cost()
        self._report()

    @property
    def seconds(self) -> float:
        """Return how long it has run."""
        return self._until.clock() - self._began

    @property
    def bound(self) -> Cost | None:
        """Return what no plan can beat, as far as it is known."""
        return self._prices.bound(self.cost) if self._prices else None

    def proposal(self, name: str) -> Proposal:
        """Search until the end, then answer."""
        length = FIRST_ROUND
        while not self._over():
            length, now = 2 * length, self._fitting(length)
            self._anneal(now)
            self._better_bound(now // PER_PRICE_ROUND)
            self._report()
        board = fill(Board(self._grid, self.best))
        if board.cost() < self.cost:
            self.best, self.cost = board.pairs(), board.cost()
        cells = frozenset(self._grid.cell(v, seat) for v, seat in self.best)
        sure = self._prices.unavoidable if self._prices else 0
        return Proposal(cells, self.cost, name, self.seconds, self.moves, self.bound, sure)

    def _fitting(self, length: int) -> int:
        """Return how many moves the next round has, so that the last one is not cut off while hot."""
        until, left = self._until, length * 2
        if until.moves is not None:
            left = until.moves - self.moves
        elif until.seconds is not None and self.moves:
            left = int(self.moves * (until.seconds / self.seconds - 1))
        if left >= 2 * length:
            return length
        return max(GLANCE, left if left < 1.5 * length else left // 2)

    def _over(self) -> bool:
        moves = self._until.moves
        return (
            (moves is not None and self.moves >= moves)
            or self.cost == self.bound
            or self._called_off()
        )

    def _called_off(self) -> bool:
        seconds = self._until.seconds
        return (seconds is not None and self.seconds >= seconds) or self._until.asked()

    def _anneal(self, length: int) -> None:
        """Make so many moves from the best plan, from hot to cold."""
        moves = Moves(Board(self._grid, self.best), self._dice)
        step, cost = moves.step, MISSING * self.cost.short + self.cost.points
        best, moves.heat = cost, HOT
        cooling = (COLD / HOT) ** (GLANCE / length)
        for _ in range(0, length, GLANCE):
            for _ in range(GLANCE):
                cost += step()
            self.moves += GLANCE
            moves.heat *= cooling
            if cost < best:
                best, self.best = cost, moves.board.pairs()
                self.cost = Cost(best // MISSING, best % MISSING)
            self._report(EVERY)
            if self._over():
                break

    def _better_bound(self, rounds: int) -> None:
        self._prices = self._prices or Prices(self._grid)
        for _ in range(rounds):
            if self._called_off():
                return
            self._prices.search(weighed(self.cost), 1)

    def _report(self, every: float = 0.0) -> None:
        if self.seconds - self._told >= every:
            self._told = self.seconds
            sure = self._prices.unavoidable if self._prices else 0
            self._tell(Progress(self._told, self.moves, self.cost, self.bound, sure))
