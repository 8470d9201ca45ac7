"""OR-Tools' CP-SAT (the extra `roster`): annealing first, then the constraint solver from there, with its own bound."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

from services.roster.planning.annealing import Annealing
from services.roster.planning.board import Board
from services.roster.planning.cp_model import Model, Pair
from services.roster.planning.grid import Grid
from services.roster.planning.moves import MISSING
from services.roster.planning.objective import Cost
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import OnProgress, Progress, Proposal, Until, unheard

WORKERS = 2
FIRST = 0.25  # of the time goes to annealing
MOVES_A_SECOND = 100_000  # what a number of moves stands for in CP-SAT's own time


class CpSat:
    """Annealing, then CP-SAT hinted with all of its plan; whatever is better is answered."""

    name = "cp-sat"

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def propose(
        self, problem: Problem, until: Until, on_progress: OnProgress = unheard
    ) -> Proposal:
        """Answer with the best plan of both; CP-SAT bounds what is left to gain."""
        began = until.clock()
        first = Annealing(self._seed).propose(problem, _part(until), on_progress)
        left = None if until.seconds is None else until.seconds - (until.clock() - began)
        if until.asked() or (left is not None and left <= 0):
            return replace(first, solver=self.name)
        search = Search(Grid(problem), first, self._seed)
        search.listen(on_progress, lambda: until.clock() - began)
        search.run(left, until)
        return replace(
            search.better(), solver=self.name, seconds=until.clock() - began, bound=search.bound
        )


def _part(until: Until) -> Until:
    return replace(
        until,
        seconds=None if until.seconds is None else until.seconds * FIRST,
        moves=None if until.moves is None else int(until.moves * FIRST),
    )


class Search:
    """One run of CP-SAT from a plan that is known."""

    def __init__(self, grid: Grid, first: Proposal, seed: int = 0) -> None:
        from ortools.sat.python import cp_model

        self._cp, self._grid, self._first = cp_model, grid, first
        self._model = Model(grid)
        self._sure = first.bound is not None  # as few people missing as can be
        if self._sure:
            self._model.model.add(sum(self._model.missing) == first.cost.short)
            self._model.model.minimize(self._model.points())
        else:
            self._model.model.minimize(MISSING * sum(self._model.missing) + self._model.points())
        self._model.hint(grid.index(cell) for cell in first.cells)
        self.solver = cp_model.CpSolver()
        self.solver.parameters.num_workers = WORKERS
        self.solver.parameters.random_seed = seed
        self.bound, self._found = first.bound, first.cost
        self._pairs: list[Pair] | None = None

    def listen(self, tell: OnProgress, seconds: Callable[[], float]) -> None:
        """Tell of each better plan and bound."""
        search = self

        class Heard(self._cp.CpSolverSolutionCallback):  # type: ignore[name-defined,misc]  # made when it is used
            def on_solution_callback(self) -> None:
                search._found = min(search._found, search._cost(int(self.objective_value)))
                search._tell(tell, seconds())

        def raised(value: float) -> None:
            bound = self._cost(int(value))
            if self.bound is None or bound > self.bound:
                self.bound = bound
                self._tell(tell, seconds())

        self._heard = Heard()
        self.solver.best_bound_callback = raised

    def _tell(self, tell: OnProgress, seconds: float) -> None:
        first = self._first
        tell(Progress(seconds, first.moves, self._found, self.bound, first.unavoidable))

    def run(self, seconds: float | None, until: Until) -> None:
        """Search; stop when the time is over or somebody asks."""
        parameters = self.solver.parameters
        if seconds is not None:
            parameters.max_time_in_seconds = seconds
        if until.moves is not None:
            parameters.num_workers = 1
            parameters.max_deterministic_time = until.moves * (1 - FIRST) / MOVES_A_SECOND
        over = Event()
        watch = Thread(target=self._watch, args=(until, over), daemon=True)
        watch.start()
        try:
            status = self.solver.solve(self._model.model, self._heard)
        finally:
            over.set()
            watch.join()
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            taken = self._model.taken
            self._pairs = [pair for pair, one in taken.items() if self.solver.value(one)]

    def better(self) -> Proposal:
        """Return the better plan of the two; never one that fills fewer places."""
        if self._pairs is None:
            return self._first
        board = Board(self._grid, self._pairs)
        if board.cost() >= self._first.cost or board.filled() < len(self._first.cells):
            return self._first
        return replace(self._first, cells=board.cells(), cost=board.cost())

    def _watch(self, until: Until, over: Event) -> None:
        while not over.wait(0.1):
            if until.asked():
                self.solver.stop_search()
                return

    def _cost(self, value: int) -> Cost:
        if self._sure:
            return Cost(self._first.cost.short, value)
        return Cost(value // MISSING, value % MISSING)
