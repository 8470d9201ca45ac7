"""What no plan of a problem can beat: our own prices, the linear relaxation, CP-SAT's bound after some minutes.

The best bound known of a problem is kept in a file, and bettered where more time is given than it had: bounds can be
reckoned apart, and once. A bound that is kept says how many seconds CP-SAT had for it.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from services.roster.planning import objective
from services.roster.planning.bound import Prices, weighed
from services.roster.planning.cp_model import Model
from services.roster.planning.cp_sat import Search
from services.roster.planning.grid import Grid
from services.roster.planning.objective import Cost
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import Proposal, Until

PRICE_ROUNDS = 800
ROUNDING = 1e-6
ENDLESS = 1e15  # CP-SAT's numbers beyond this mean: no limit


@dataclass(frozen=True)
class Bound:
    """A bound in points, where `short` people are missing, and what each way of reckoning gave.

    `unavoidable` are the points of places that nobody can fill.
    """

    short: int
    unavoidable: int
    prices: int
    relaxation: int | None = None
    cp_sat: int | None = None
    cp_sat_s: float = 0

    @property
    def cost(self) -> Cost:
        """Return the best of them."""
        return Cost(self.short, max(self.prices, self.relaxation or 0, self.cp_sat or 0))


def bound(problem: Problem, best: Proposal, seconds: float, folder: Path) -> Bound:
    """Return the best bound known; CP-SAT has so many seconds of the clock on the wall (0: only what is kept)."""
    file = folder / f"{_key(problem)}.json"
    known = Bound(**json.loads(file.read_text())) if file.exists() else None
    if known and known.cp_sat_s >= seconds:
        return known
    made = known or _without_cp_sat(problem, best)
    if seconds:
        theirs = _cp_sat(problem, best, seconds)
        if theirs and theirs.short == made.short:
            made = replace(made, cp_sat=max(theirs.points, made.cp_sat or 0), cp_sat_s=seconds)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(made)) + "\n")
    return made


def _without_cp_sat(problem: Problem, best: Proposal) -> Bound:
    prices = Prices(Grid(problem))
    prices.search(weighed(best.cost), PRICE_ROUNDS)
    missing = _relaxation(problem, lambda made: made.model.minimize(sum(made.missing)))
    short = max(prices.surely_short, math.ceil((missing or 0) - ROUNDING))

    def points(made: Model) -> None:
        made.model.add(sum(made.missing) == short)
        made.model.minimize(made.points())

    relaxed = _relaxation(problem, points)
    own = prices.bound(Cost(short, 0)) or Cost(0, 0)
    known = None if relaxed is None else int(relaxed - 1)  # rounded towards what is surely true
    return Bound(short, prices.unavoidable, own.points, known)


def _relaxation(problem: Problem, ask: Callable[[Model], None]) -> float | None:
    """Return the least of what is asked if people could be cut in pieces: GLOP finds it in seconds."""
    try:
        from ortools.linear_solver import pywraplp
    except ImportError:
        return None
    made = Model(Grid(problem))
    ask(made)
    solver, model = pywraplp.Solver.CreateSolver("GLOP"), made.model.proto
    names = [
        solver.NumVar(one.domain[0], one.domain[len(one.domain) - 1], "") for one in model.variables
    ]
    for constraint in model.constraints:
        linear = constraint.linear
        low, high = linear.domain[0], linear.domain[len(linear.domain) - 1]
        row = solver.Constraint(
            low if low > -ENDLESS else -solver.infinity(),
            high if high < ENDLESS else solver.infinity(),
        )
        for name, factor in zip(linear.vars, linear.coeffs, strict=True):
            row.SetCoefficient(names[name], row.GetCoefficient(names[name]) + factor)
    goal = solver.Objective()
    for name, factor in zip(model.objective.vars, model.objective.coeffs, strict=True):
        goal.SetCoefficient(names[name], factor)
    goal.SetOffset(model.objective.offset)
    goal.SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return float(goal.Value())


def _cp_sat(problem: Problem, best: Proposal, seconds: float) -> Cost | None:
    search = Search(Grid(problem), best)
    search.bound = None  # what CP-SAT proves by itself
    search.listen(lambda _: None, time.monotonic)
    search.run(seconds, Until())
    return search.bound


def _key(problem: Problem) -> str:
    """Return a name that changes with the problem and with what counts as better."""
    weights = [getattr(objective, name) for name in ("SPARE", "INDIFFERENT", "RATHER_NOT", "MOVED")]
    parts = [repr(problem.shifts), str(weights)]
    for one in problem.volunteers:
        parts += [repr((one.id, one.skills, one.free, one.limits, one.newcomer, one.served))]
        parts += [repr((sorted(one.gladly), sorted(one.rather_not)))]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]
