"""Arithmetic of half-open ranges: of minutes of a day, or of instants; no range is empty."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

P = TypeVar("P", int, datetime)


def merged(ranges: Iterable[tuple[P, P]]) -> list[tuple[P, P]]:
    """Return the same stretches without overlaps or seams, in order; empty ranges are left out."""
    found: list[tuple[P, P]] = []
    for start, end in sorted(one for one in ranges if one[0] < one[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(ranges: Iterable[tuple[P, P]], taken: Iterable[tuple[P, P]]) -> list[tuple[P, P]]:
    """Return what is left of ``ranges`` when ``taken`` is cut out."""
    left = merged(ranges)
    for start, end in merged(taken):
        cut: list[tuple[P, P]] = []
        for begin, stop in left:
            cut += [(begin, min(stop, start)), (max(begin, end), stop)]
        left = [one for one in cut if one[0] < one[1]]
    return left


def covers(ranges: Iterable[tuple[P, P]], wanted: tuple[P, P]) -> bool:
    """Tell whether ``wanted`` lies within ``ranges``, seams included."""
    return not without([wanted], ranges)


def overlaps(one: tuple[P, P], other: tuple[P, P]) -> bool:
    """Tell whether two ranges share a moment; ranges that only touch do not."""
    return one[0] < other[1] and other[0] < one[1]
