"""One seed measured: proposals of every solver, each checked by the second opinion."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import pstdev
from typing import Any

from services.roster.planning.check import violations
from services.roster.planning.choice import choose_solver
from services.roster.planning.objective import Cost, gap
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import Proposal, Solver, Until
from tests.bench.roster.baseline import RandomFeasible
from tests.bench.roster.bounds import Bound, bound
from tests.bench.roster.term import term_problem

SHORT, LONG = 10.0, 60.0


@dataclass
class Row:
    """What one proposal is worth; spread and deviation of hours over all volunteers."""

    who: str
    seconds: float
    moves: int
    short: int
    points: int
    coverage: float
    places: float
    hours_spread: float
    hours_deviation: float
    violations: int
    gap: float = 0.0


@dataclass
class Seed:
    """One seed: its size, its bound, and a row for each solver."""

    seed: int
    shifts: int
    volunteers: int
    bound: Bound
    rows: dict[str, Row]

    def plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class How:
    """How to measure: the clock that seconds are read from, CP-SAT's seconds for the bound, whether it proposes too."""

    clock: Callable[[], float]
    bound_s: float
    cp_sat: bool
    folder: Path
    weeks: int = 16


def measure(seed: int, how: How, say: Callable[[str], None]) -> Seed:
    """Run every solver on one seed."""
    problem = term_problem(seed, weeks=how.weeks)
    asked: dict[str, tuple[Solver, float]] = {
        "random": (RandomFeasible(seed), 0),
        "greedy": (choose_solver("greedy"), 0),
        "annealing_10s": (choose_solver("annealing", seed), SHORT),
        "annealing_60s": (choose_solver("annealing", seed), LONG),
    }
    if how.cp_sat:
        asked["cp_sat_60s"] = (choose_solver("cp-sat", seed), LONG)
    rows, best = {}, None
    for name, (who, seconds) in asked.items():
        made = who.propose(problem, Until(seconds=seconds, clock=how.clock))
        rows[name] = _row(problem, name, made)
        best = made if best is None or made.cost < best.cost else best
        say(f"seed {seed}: {name} in {made.seconds:.2f} s, {made.cost}")
    assert best is not None
    known = bound(problem, best, how.bound_s, how.folder)
    for row in rows.values():
        row.gap = round(gap(Cost(row.short, row.points), known.cost, known.unavoidable), 5)
    return Seed(seed, len(problem.shifts), len(problem.volunteers), known, rows)


def bound_of(seed: int, how: How, say: Callable[[str], None]) -> None:
    """Reckon the bound of one seed and keep it, for runs to come."""
    problem = term_problem(seed, weeks=how.weeks)
    best = choose_solver("annealing", seed).propose(problem, Until(seconds=SHORT, clock=how.clock))
    say(f"seed {seed}: {bound(problem, best, how.bound_s, how.folder)}")


def _row(problem: Problem, name: str, made: Proposal) -> Row:
    least = sum(role.least for shift in problem.shifts for role in shift.roles)
    most = sum(role.most for shift in problem.shifts for role in shift.roles)
    hours = {one.id: one.served.total_seconds() / 3600 for one in problem.volunteers}
    for cell in made.cells:
        hours[cell.volunteer] += problem.shift[cell.shift].length.total_seconds() / 3600
    return Row(
        name,
        round(made.seconds, 3),
        made.moves,
        made.cost.short,
        made.cost.points,
        coverage=round(1 - made.cost.short / least, 4),
        places=round(len(made.cells) / most, 4),
        hours_spread=max(hours.values()) - min(hours.values()),
        hours_deviation=round(pstdev(hours.values()), 2),
        violations=len(violations(problem, made.cells)),
    )
