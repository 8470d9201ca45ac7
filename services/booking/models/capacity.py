"""Arithmetic of capacity: how a session is cut into slots, and how many volunteers stand in one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.clock import parse

Range = tuple[datetime, datetime]


SHORTEST = 5  # minutes that a buffer leaves of a slot


def cut(
    starts_at: datetime, ends_at: datetime, minutes: int | None, buffer: int = 0
) -> list[Range]:
    """Cut [starts_at, ends_at) into whole slots of `minutes`; None is one slot over it all.

    A rest that is shorter than a slot belongs to the last slot. Every slot but the last ends
    `buffer` minutes early, so that there is time between people; the starts stay where they are.
    """
    step = timedelta(minutes=minutes) if minutes else ends_at - starts_at
    count = max(1, int((ends_at - starts_at) / step))
    ranges = [(starts_at + step * i, starts_at + step * (i + 1)) for i in range(count)]
    early = timedelta(minutes=min(buffer, max(0, (minutes or 0) - SHORTEST)))
    ranges = [(begin, end - early) for begin, end in ranges]
    ranges[-1] = (ranges[-1][0], ends_at)
    return ranges


def accepted_throughout(intervals: Sequence[dict[str, Any]], skill: str | None, slot: Range) -> int:
    """Return how many volunteers are accepted with `skill` (None: any) at every moment of `slot`.

    `intervals` as roster announces them; half-open; a gap counts as nobody.
    """
    begin, end = slot
    pieces = [
        (parse(one["starts_at"]), parse(one["ends_at"]), int(one["accepted"]))
        for one in intervals
        if skill is None or one["skill"] == skill
    ]
    moments = {begin, *(at for piece in pieces for at in piece[:2] if begin < at < end)}
    return min(sum(n for start, stop, n in pieces if start <= at < stop) for at in moments)
