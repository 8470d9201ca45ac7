"""How long a device keeps a bench busy: learned from our own closed tickets, honest with few of them.

The usual minutes of a category are shrunk towards the policy's figure for it (else the planned one)
times our own pace, and the pace towards what was planned; the spread about them is what we have seen ourselves, filled up with a wide guess
(log-normal, sigma 0.55) while there is little. Nothing assumes that our times have that shape.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, sqrt
from random import Random
from statistics import NormalDist, fmean, median, pstdev

PLANNED_COUNTS = 8.0  # devices of our own that outweigh the planned figure
OFFERING_COUNTS = 10.0  # devices of a category that outweigh the offering's mean
SIGMA = 0.55
POINTS = 48  # equally likely multiples of the usual minutes that are kept
TOO_SHORT = 0.75  # minutes: several tickets closed in one go say nothing of their own time
TOO_LONG = 6.0  # times the planned minutes: somebody forgot to close
HANDOVER, HANDOVER_COUNTS = 1.0, 5.0  # minutes from call to start, before we know our own
MOST_HANDOVER = 10.0

Served = tuple[int, float]


@dataclass(frozen=True)
class ServiceTimes:
    """The minutes a device takes: `usual` by category (`other` for the rest) times one of `ratios`.

    `spread` is how unsure the usual minutes themselves still are (one standard deviation, relative),
    `handover` the minutes from a call to the start, `count` how many of our own times are behind it.
    """

    usual: tuple[tuple[int, float], ...]
    other: float
    ratios: tuple[float, ...]
    spread: float
    handover: float
    count: int

    def minutes(self, category_id: int) -> float:
        """Return the usual minutes of a category."""
        return self._by_category.get(category_id, self.other)

    @cached_property
    def _by_category(self) -> dict[int, float]:
        return dict(self.usual)

    def drawn(self, category_id: int, chance: Random) -> float:
        """Return the minutes that one more device might take."""
        return self.minutes(category_id) * self.ratios[int(chance.random() * len(self.ratios))]

    def left(self, category_id: int, elapsed: float, chance: Random) -> float:
        """Return the minutes that a device which is on a bench for `elapsed` might still take."""
        usual = self.minutes(category_id)
        longer = [ratio for ratio in self.ratios if ratio * usual > elapsed]
        if not longer:
            return usual * chance.random()
        return usual * longer[int(chance.random() * len(longer))] - elapsed


def learned(
    served: Sequence[Served],
    handovers: Sequence[float],
    planned: float,
    figures: Mapping[int, float] | None = None,
) -> ServiceTimes:
    """Return what `served` (category, minutes) teaches where `planned` minutes were expected.

    `figures` are the minutes that the policy expects of a category, where it says so. Our pace
    against what was planned holds for every category, whichever we have seen.
    """
    expected = figures or {}
    longest = {category: expected.get(category, planned) * TOO_LONG for category, _ in served}
    kept = [(one, min(took, longest[one])) for one, took in served if took >= TOO_SHORT]
    pace = _shrunk([took / expected.get(one, planned) for one, took in kept], 1.0, PLANNED_COUNTS)
    other = planned * pace
    by_category: dict[int, list[float]] = defaultdict(list)
    for category, took in kept:
        by_category[category].append(took)
    usual = {
        category: _shrunk(
            by_category.get(category, ()),
            expected.get(category, planned) * pace,
            OFFERING_COUNTS,
        )
        for category in sorted({*by_category, *expected})
    }
    ratios = _ratios([took / usual[category] for category, took in kept])
    spread = pstdev(ratios) / sqrt(len(kept) + PLANNED_COUNTS)
    quick = [minutes for minutes in handovers if 0 <= minutes <= MOST_HANDOVER]
    own = median(quick) if quick else HANDOVER
    handover = (own * len(quick) + HANDOVER * HANDOVER_COUNTS) / (len(quick) + HANDOVER_COUNTS)
    return ServiceTimes(tuple(usual.items()), other, ratios, spread, handover, len(kept))


def _shrunk(times: Sequence[float], towards: float, weight: float) -> float:
    return (sum(times) + towards * weight) / (len(times) + weight)


def _ratios(own: Sequence[float]) -> tuple[float, ...]:
    """Return equally likely multiples of the usual minutes, their mean 1: ours and the guess."""
    weighted = [(ratio, 1.0) for ratio in own]
    weighted += [(ratio, PLANNED_COUNTS / POINTS) for ratio in GUESS]
    weighted.sort()
    step = sum(weight for _, weight in weighted) / POINTS
    found, passed, index = [], 0.0, 0
    for point in range(POINTS):
        while passed + weighted[index][1] < (point + 0.5) * step:
            passed += weighted[index][1]
            index += 1
        found.append(weighted[index][0])
    mean = fmean(found)
    return tuple(ratio / mean for ratio in found)


def _guess() -> tuple[float, ...]:
    normal = NormalDist(-SIGMA * SIGMA / 2, SIGMA)
    return tuple(exp(normal.inv_cdf((point + 0.5) / POINTS)) for point in range(POINTS))


GUESS = _guess()
