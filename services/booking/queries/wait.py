"""The waiting range as a person is told it: two numbers, who is on duty, and why; unknown stays unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import Any

from services.booking.queries.service_times import ServiceTimes
from shared.clock import parse

ENOUGH = 5  # service times before we call a figure our own
COARSE = 30  # from here on a range is told in steps of five minutes
STEP = 5
UNBOUNDED = 1_000  # benches, where only the volunteers count

Crews = tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Wait:
    """A range in minutes and why, in both languages."""

    low: int
    high: int
    reason: dict[str, str]
    on_duty: int


def told(minutes: tuple[float, float], times: ServiceTimes, on_duty: int) -> Wait:
    """Return a range as it is said: whole minutes, longer ones in steps of five, never narrower."""
    low, high = whole(*minutes)
    return Wait(low, high, reason(times, on_duty), on_duty)


def whole(low: float, high: float) -> tuple[int, int]:
    """Return the whole minutes around a range, from half an hour on in steps of five."""
    down = floor(low) if low < COARSE else floor(low / STEP) * STEP
    up = ceil(high) if high < COARSE else ceil(high / STEP) * STEP
    return down, max(up, down + 1)


def reason(times: ServiceTimes, on_duty: int) -> dict[str, str]:
    """Say in both languages what the range rests on."""
    minutes = max(1, round(times.other))
    measured = times.count >= ENOUGH
    zh = f"{on_duty} 位志愿者在岗，"
    zh += f"平均 {minutes} 分钟一件" if measured else f"按 {minutes} 分钟一件估计"
    who = "1 volunteer" if on_duty == 1 else f"{on_duty} volunteers"
    how = "on average" if measured else "as planned"
    return {"zh": zh, "en": f"{who} on duty, {minutes} min per device {how}"}


def counted(
    intervals: Sequence[dict[str, Any]], skill: str | None, at: datetime, what: str = "present"
) -> int:
    """Return how many volunteers with `skill` (None: any) are `what` (present, accepted) at `at`."""
    return sum(
        int(one.get(what, 0))
        for one in intervals
        if (skill is None or one["skill"] == skill)
        and parse(one["starts_at"]) <= at < parse(one["ends_at"])
    )


def on_duty(
    intervals: Sequence[dict[str, Any]], skill: str | None, at: datetime, ends_at: datetime
) -> int:
    """Return how many serve: before the doors open those who are here for it, after closing who stayed."""
    spans = [(parse(one["starts_at"]), parse(one["ends_at"])) for one in intervals]
    if not spans:
        return 0
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    if at >= max(last, ends_at):
        at = max(begin for begin, _ in spans)
    return counted(intervals, skill, max(at, first))


def crews(
    intervals: Sequence[dict[str, Any]],
    skill: str | None,
    at: datetime,
    now: int,
    benches: int,
    *,
    opens: datetime | None = None,
) -> Crews:
    """Return the benches that are served from which minute after `at` on: `now` first, then as accepted.

    Before the session `opens`, `now` are those who will open it. Who has not come so far is not
    counted on later either.
    """
    begins = max(at, opens or at)
    found = [(0.0, min(now, benches))]
    accepted = counted(intervals, skill, begins, "accepted")
    later = sorted(
        {parse(one["starts_at"]) for one in intervals if parse(one["starts_at"]) > begins}
    )
    for moment in later:
        change = counted(intervals, skill, moment, "accepted") - accepted
        minute = (moment - at).total_seconds() / 60
        found.append((minute, max(0, min(now + change, benches))))
    return tuple(found)
