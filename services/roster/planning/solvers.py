"""What a solver is: asked with a problem and a limit, it answers with a proposal and says how far it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.roster.planning.objective import Cost, gap
from services.roster.planning.problem import Cell, Problem


@dataclass(frozen=True, slots=True)
class Until:
    """When to stop: after seconds, after moves, or when somebody asks; whatever comes first.

    A number of moves makes the answer repeatable; seconds and people do not.
    """

    seconds: float | None = None
    moves: int | None = None
    asked: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Progress:
    """How good the best plan is after so many seconds and moves; `bound` is what no plan can beat, where known.

    `unavoidable` are the points of both that places which nobody can fill cost.
    """

    seconds: float
    moves: int
    cost: Cost
    bound: Cost | None = None
    unavoidable: int = 0

    @property
    def gap(self) -> float | None:
        """Return how far from the bound it is at most, as a share of it."""
        return None if self.bound is None else gap(self.cost, self.bound, self.unavoidable)


@dataclass(frozen=True)
class Proposal:
    """A plan: its cells (fixed ones too), what it costs, who made it and how long that took."""

    cells: frozenset[Cell]
    cost: Cost
    solver: str
    seconds: float
    moves: int = 0
    bound: Cost | None = None
    unavoidable: int = 0

    @property
    def gap(self) -> float | None:
        """Return how far from the bound it is at most, as a share of it."""
        return None if self.bound is None else gap(self.cost, self.bound, self.unavoidable)


OnProgress = Callable[[Progress], None]


def unheard(_progress: Progress) -> None:
    """Tell nobody."""


class Solver(Protocol):
    """Makes proposals. None breaks a hard rule, whenever it is stopped."""

    name: str

    def propose(
        self, problem: Problem, until: Until, on_progress: OnProgress = unheard
    ) -> Proposal:
        """Answer with the best plan found until then."""
        ...
