"""Shares of small counts, with the interval that such counts allow to say."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Rate:
    """A share of `of`, between `low` and `high` (all of 1); share is None where there is nothing."""

    share: float | None
    low: float
    high: float
    of: int


def rate(count: int, of: int) -> Rate:
    """Return the share with its 95 % score interval (Wilson 1927), which holds for few counts too."""
    if of == 0:
        return Rate(None, 0.0, 1.0, 0)
    share = count / of
    room = Z * Z / of
    middle = (share + room / 2) / (1 + room)
    half = Z / (1 + room) * sqrt(share * (1 - share) / of + room / (4 * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Rate(share, low, high, of)
