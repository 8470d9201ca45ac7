"""The first proposal, at once: the scarcest seats first, each to whom it costs least."""

from services.roster.planning.board import Board
from services.roster.planning.grid import Grid
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import OnProgress, Progress, Proposal, Until, unheard


class Greedy:
    """Fills minima, then places up to the maxima; never takes back what it gave."""

    name = "greedy"

    def propose(
        self, problem: Problem, until: Until, on_progress: OnProgress = unheard
    ) -> Proposal:
        """Answer at once; a limit on time or moves is not needed."""
        began = until.clock()
        board = fill(Board(Grid(problem)))
        seconds, cost = until.clock() - began, board.cost()
        on_progress(Progress(seconds, 0, cost))
        return Proposal(board.cells(), cost, self.name, seconds)


def fill(board: Board) -> Board:
    """Give every empty place to somebody who fits, minima of all seats first."""
    grid = board.grid
    scarce = sorted(range(len(grid.seats)), key=lambda seat: (len(grid.who[seat]), seat))
    for upto in (grid.least, grid.most):
        for seat in scarce:
            while len(board.crew[seat]) < upto[seat]:
                v = cheapest(board, seat)
                if v is None:
                    break
                board.put(v, seat)
    return board


def cheapest(board: Board, seat: int) -> int | None:
    """Return who fits and costs least there; an old hand before a newcomer where the shift has none yet."""
    grid = board.grid
    s = grid.shift_of[seat]
    quarters = grid.quarters[s]
    best: tuple[int, int] | None = None
    for v in grid.who[seat]:
        if board.fits(v, seat):
            load = board.load[v]
            price = grid.strain[load + quarters] - grid.strain[load] + board.holding(v, s)
            if best is None or price < best[0]:
                best = (price, v)
    return None if best is None else best[1]
