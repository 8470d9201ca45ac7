"""A plan as somebody makes it who only minds the rules: places in any order, each to anybody who fits."""

from random import Random

from services.roster.planning.board import Board
from services.roster.planning.grid import Grid
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import OnProgress, Progress, Proposal, Until, unheard


class RandomFeasible:
    """Breaks no rule and weighs nothing, but fills minima first."""

    name = "random"

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def propose(
        self, problem: Problem, until: Until, on_progress: OnProgress = unheard
    ) -> Proposal:
        """Answer at once."""
        began, dice = until.clock(), Random(self._seed)
        board = Board(Grid(problem))
        grid = board.grid
        for upto in (grid.least, grid.most):
            for seat in dice.sample(range(len(grid.seats)), len(grid.seats)):
                fits = [v for v in grid.who[seat] if board.fits(v, seat)]
                while fits and len(board.crew[seat]) < upto[seat]:
                    board.put(dice.choice(fits), seat)
                    fits = [v for v in grid.who[seat] if board.fits(v, seat)]
        seconds, cost = until.clock() - began, board.cost()
        on_progress(Progress(seconds, 0, cost))
        return Proposal(board.cells(), cost, self.name, seconds)
