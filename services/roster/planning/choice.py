"""Which solver answers: greedy for at once, annealing by default, CP-SAT where the extra `roster` is installed."""

from importlib.util import find_spec

from services.roster.planning.annealing import Annealing
from services.roster.planning.cp_sat import CpSat
from services.roster.planning.greedy import Greedy
from services.roster.planning.solvers import Solver


def choose_solver(name: str = Annealing.name, seed: int = 0) -> Solver:
    """Return the solver of that name; without OR-Tools annealing answers for CP-SAT."""
    if name == Greedy.name:
        return Greedy()
    if name == CpSat.name and find_spec("ortools"):
        return CpSat(seed)
    return Annealing(seed)
