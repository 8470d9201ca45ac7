"""The waiting range: pure arithmetic from devices ahead, pace and people on duty; unknown stays unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import Any

from shared.clock import parse

ENOUGH = 5  # service times before we trust our own figure
SHORTEST = 1.0  # minutes a device takes at least
BELOW, ABOVE, SLACK = 0.75, 1.25, 0.5
COARSE = 10  # from here on a range is told in steps of five minutes


@dataclass(frozen=True)
class Pace:
    """Minutes one device takes; `measured` tells our own service times from the offering's figure."""

    minutes: float
    measured: bool


@dataclass(frozen=True)
class Wait:
    """A range in minutes and why, in both languages."""

    low: int
    high: int
    reason: dict[str, str]
    on_duty: int


def pace_of(durations: Sequence[float], planned: int) -> Pace:
    """Return the mean of recent service times (minutes), or the offering's figure below five."""
    if len(durations) < ENOUGH:
        return Pace(max(SHORTEST, float(planned)), measured=False)
    return Pace(max(SHORTEST, sum(durations) / len(durations)), measured=True)


def present(intervals: Sequence[dict[str, Any]], skill: str | None, at: datetime) -> int:
    """Return how many volunteers with `skill` (None: any) are checked in at the moment `at`."""
    return sum(
        int(one.get("present", 0))
        for one in intervals
        if (skill is None or one["skill"] == skill)
        and parse(one["starts_at"]) <= at < parse(one["ends_at"])
    )


def estimate(
    ahead: float, pace: Pace, on_duty: int, benches: int, opens_in: float = 0.0
) -> Wait | None:
    """Return the wait behind `ahead` devices; None (unknown) while nobody is on duty.

    A device that is being repaired counts as half. `opens_in` minutes pass before work begins.
    """
    servers = min(on_duty, benches)
    if servers < 1:
        return None
    mean = ahead * pace.minutes / servers
    opens_in = max(0.0, opens_in)
    low = _told(floor(opens_in + mean * BELOW), down=True)
    high = _told(ceil(opens_in + mean * ABOVE + pace.minutes * SLACK), down=False)
    return Wait(low, high, reason(pace, on_duty), on_duty)


def reason(pace: Pace, on_duty: int) -> dict[str, str]:
    """Say in both languages what the range rests on."""
    minutes = max(1, round(pace.minutes))
    zh = f"{on_duty} 位志愿者在岗，小家电"
    zh += f"平均 {minutes} 分钟一件" if pace.measured else f"按 {minutes} 分钟一件估计"
    who = "1 volunteer" if on_duty == 1 else f"{on_duty} volunteers"
    how = "on average" if pace.measured else "as planned"
    return {"zh": zh, "en": f"{who} on duty, {minutes} min per device {how}"}


def _told(minutes: int, *, down: bool) -> int:
    if minutes < COARSE:
        return minutes
    return minutes // 5 * 5 if down else -(-minutes // 5) * 5
