"""What makes one proposal better than another: minima first, then points for all that a person would mind.

Lower is better. Fewer people missing below a minimum always wins; what is left is weighed against each other in points:

* a place between minimum and maximum left empty: `SPARE`, so dear that filling it pays: coverage before fairness;
* the hours of each volunteer in this term, squared (every further hour of one person costs more than the last), so
  that equal shares are cheapest: an hour on top of eight costs 17 × 4 points;
* a shift that nobody asked for: `INDIFFERENT`; one that the person would rather not have: `RATHER_NOT`;
* a person of the last proposal who is no longer on that shift: `MOVED`.
"""

from typing import NamedTuple

SPARE = 2_000  # what three hours cost somebody who has eighty in the term already
INDIFFERENT = 20
RATHER_NOT = 60
MOVED = 30

QUARTER = 15  # minutes: hours are weighed in quarters
HOUR = 4  # quarters


class Cost(NamedTuple):
    """People missing below the minima, then points; compared in this order."""

    short: int
    points: int


def strain(quarters: int) -> int:
    """Return the points of somebody's hours: the square of the hours times four, straight between whole hours."""
    hours, rest = divmod(quarters, HOUR)
    return HOUR * hours * hours + rest * (2 * hours + 1)


def gap(cost: Cost, bound: Cost, unavoidable: int = 0) -> float:
    """Return how far a cost is above the least possible one, as a share of what can be decided at all.

    `unavoidable` are the points of places that nobody can fill: they would make every gap look small. Somebody
    missing who need not be missing counts as 1.0: points do not make up for it.
    """
    if cost.short > bound.short:
        return 1.0
    return max(0, cost.points - bound.points) / max(1, bound.points - unavoidable)
