"""What no plan of a problem can beat: our own prices, and CP-SAT's bound after some minutes, kept in a file."""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from services.roster.planning import objective
from services.roster.planning.bound import Prices, weighed
from services.roster.planning.cp_sat import Search
from services.roster.planning.grid import Grid
from services.roster.planning.objective import Cost
from services.roster.planning.problem import Problem
from services.roster.planning.solvers import Proposal, Until

PRICE_ROUNDS = 800


@dataclass(frozen=True)
class Bound:
    """A bound, and how it was come by."""

    cost: Cost
    prices: int
    cp_sat: int | None
    cp_sat_s: float


def bound(problem: Problem, best: Proposal, seconds: float, folder: Path) -> Bound:
    """Return the best bound of both; CP-SAT has so many seconds of the clock on the wall (0: left out)."""
    file = folder / f"{_key(problem)}-{seconds:g}.json"
    if file.exists():
        kept = json.loads(file.read_text())
        if kept["short"] <= best.cost.short:
            return Bound(Cost(kept["short"], kept["points"]), *kept["from"])
    prices = Prices(Grid(problem))
    prices.search(weighed(best.cost), PRICE_ROUNDS)
    own = prices.bound(Cost(prices.surely_short, 0)) or Cost(0, 0)
    theirs = _cp_sat(problem, best, seconds) if seconds else None
    found = max(own, theirs) if theirs else own
    made = Bound(found, own.points, theirs.points if theirs else None, seconds)
    folder.mkdir(parents=True, exist_ok=True)
    origin = [made.prices, made.cp_sat, made.cp_sat_s]
    file.write_text(json.dumps({"short": found.short, "points": found.points, "from": origin}))
    return made


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
