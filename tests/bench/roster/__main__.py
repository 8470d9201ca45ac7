"""`python -m tests.bench.roster --out FILE`: proposals for a term beside greedy, random and the best bound known."""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.roster.measure import How, Seed, bound_of, measure

CLOCKS = {"wall": time.monotonic, "cpu": time.process_time}


def main(arguments: list[str] | None = None) -> int:
    """Measure every seed, print a table, write the figures; 1 if a hard rule was broken."""
    given = _words(arguments)
    how = How(CLOCKS[given.clock], given.bound_s, given.cp_sat, given.bounds, given.weeks)
    if given.only_bounds:
        for seed in range(1, given.seeds + 1):
            bound_of(seed, how, _say)
        return 0
    seeds = [measure(seed, how, _say) for seed in range(1, given.seeds + 1)]
    figures = {**_figures(seeds), "clock": given.clock, "bound": _bound(seeds)}
    figures["by_seed"] = [one.plain() for one in seeds]
    given.out.write_text(json.dumps(figures, indent=2) + "\n")
    _print(seeds, figures)
    return 1 if figures["hard_rule_violations"] else 0


def _figures(seeds: list[Seed]) -> dict[str, Any]:
    """Return the medians over all seeds."""

    def of(who: str, what: str) -> float:
        return round(median(getattr(one.rows[who], what) for one in seeds), 4)

    return {
        "shifts": seeds[0].shifts,
        "volunteers": seeds[0].volunteers,
        "seeds": len(seeds),
        "gap_10s": of("annealing_10s", "gap"),
        "gap_60s": of("annealing_60s", "gap"),
        "gap_greedy": of("greedy", "gap"),
        "gap_random": of("random", "gap"),
        "first_proposal_s": of("greedy", "seconds"),
        "coverage": of("annealing_60s", "coverage"),
        "coverage_greedy": of("greedy", "coverage"),
        "coverage_random": of("random", "coverage"),
        "places": of("annealing_60s", "places"),
        "places_greedy": of("greedy", "places"),
        "hours_spread": of("annealing_60s", "hours_spread"),
        "hours_spread_greedy": of("greedy", "hours_spread"),
        "hours_spread_random": of("random", "hours_spread"),
        "hours_deviation": of("annealing_60s", "hours_deviation"),
        "hours_deviation_greedy": of("greedy", "hours_deviation"),
        "hard_rule_violations": sum(r.violations for one in seeds for r in one.rows.values()),
    }


def _bound(seeds: list[Seed]) -> str:
    seconds = min(one.bound.cp_sat_s for one in seeds)
    cp_sat = f", CP-SAT after {seconds:g} s" if seconds else ""
    return f"the best of our own prices, the linear relaxation{cp_sat}"


def _print(seeds: list[Seed], figures: dict[str, Any]) -> None:
    head = ("seed", "solver", "s", "short", "points", "gap %", "minima %", "places %")
    print("{:>4}  {:<14}{:>7}{:>7}{:>9}{:>8}{:>10}{:>10}{:>8}{:>7}".format(*head, "spread", "dev"))
    for one in seeds:
        for row in one.rows.values():
            print(
                f"{one.seed:>4}  {row.who:<14}{row.seconds:>7.2f}{row.short:>7}{row.points:>9}"
                f"{100 * row.gap:>8.2f}{100 * row.coverage:>10.1f}{100 * row.places:>10.1f}"
                f"{row.hours_spread:>8.1f}{row.hours_deviation:>7.2f}"
            )
        known = one.bound
        print(
            f"      bound {known.cost.points} with {known.cost.short} missing"
            f" (prices {known.prices}, relaxation {known.relaxation},"
            f" CP-SAT {known.cp_sat} in {known.cp_sat_s:g} s; {known.unavoidable} of it unavoidable)"
        )
    print(
        f"{figures['shifts']} shifts, {figures['volunteers']} volunteers, median of {figures['seeds']} seeds,"
        f" seconds of {figures['clock']} time, bound: {figures['bound']}\n"
        f"gap {100 * figures['gap_10s']:.2f} % after 10 s, {100 * figures['gap_60s']:.2f} % after 60 s;"
        f" first proposal {figures['first_proposal_s']:.2f} s;"
        f" {figures['hard_rule_violations']} hard rules broken"
    )


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make roster-bench", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the figures go (JSON)")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--bound-s", type=float, default=600, help="CP-SAT's time, where less was kept; 0: none"
    )
    parser.add_argument("--only-bounds", action="store_true", help="reckon bounds and keep them")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: on a shared machine")
    parser.add_argument("--cp-sat", action="store_true", help="let CP-SAT propose too")
    parser.add_argument("--weeks", type=int, default=16)
    parser.add_argument("--bounds", type=Path, default=Path("var/roster-bounds"))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
