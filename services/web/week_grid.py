"""A volunteer's weekly hours as a grid of whole hours, and the stretches that the grid cannot show."""

import re
from typing import Any

from services.web.clients.availability import Availability, WeeklySpan
from services.web.clients.base import Json
from services.web.forms import Form

FIRST_HOUR, LAST_HOUR = 8, 22
BLOCK = re.compile(r"([1-7])-(\d{1,2})")
STRETCH = re.compile(r"([1-7])-(\d\d):(\d\d)-(\d\d):(\d\d)")


def ticked(found: Availability) -> list[str]:
    """The blocks of the stretches that the grid shows, as `weekday-hour`."""
    return [
        f"{one.weekday}-{hour}"
        for one in found.weekly
        if _in_grid(one)
        for hour in range(one.minutes[0] // 60, one.minutes[1] // 60)
    ]


def others(found: Availability) -> list[tuple[str, WeeklySpan]]:
    """What does not begin and end on an hour of the grid, with its value: `weekday-HH:MM-HH:MM`."""
    return [
        (f"{one.weekday}-{one.starts}-{one.ends}", one) for one in found.weekly if not _in_grid(one)
    ]


def weekly_of(form: Form) -> list[Json]:
    """The ticked blocks and stretches of weekdays; what touches or overlaps becomes one."""
    found: list[list[int]] = []
    for weekday, starts, ends in sorted([*_blocks(form), *_stretches(form)]):
        if found and found[-1][0] == weekday and starts <= found[-1][2]:
            found[-1][2] = max(found[-1][2], ends)
        else:
            found.append([weekday, starts, ends])
    return [
        {"weekday": weekday, "starts": _clock(starts), "ends": _clock(ends)}
        for weekday, starts, ends in found
    ]


def lesson_blocks(found: Availability) -> set[str]:
    """The blocks in which a weekly lesson lies."""
    return {
        f"{one.weekday}-{hour}"
        for one in found.lessons
        if one.weekday
        for hour in range(24)
        if one.minutes[0] < (hour + 1) * 60 and hour * 60 < one.minutes[1]
    }


def bar_of(day: Any) -> list[tuple[str, float, float]]:
    """Where on a bar of the grid's hours the free time and lessons of a day lie: kind, x, width."""
    whole = (LAST_HOUR - FIRST_HOUR) * 60
    parts = [("free", one) for one in day.free] + [("class", one) for one in day.lessons]
    found = []
    for kind, span in parts:
        start, end = (min(max(m - FIRST_HOUR * 60, 0), whole) for m in span.minutes)
        if start < end:
            found.append(
                (kind, round(100 * start / whole, 2), round(100 * (end - start) / whole, 2))
            )
    return found


def _in_grid(one: WeeklySpan) -> bool:
    starts, ends = one.minutes
    whole = starts % 60 == 0 and ends % 60 == 0
    return whole and starts >= FIRST_HOUR * 60 and ends <= LAST_HOUR * 60


def _blocks(form: Form) -> list[tuple[int, int, int]]:
    matches = (BLOCK.fullmatch(one) for one in form.all("hours"))
    ticks = ((int(one[1]), int(one[2])) for one in matches if one)
    return [(weekday, hour * 60, hour * 60 + 60) for weekday, hour in ticks]


def _stretches(form: Form) -> list[tuple[int, int, int]]:
    matches = (STRETCH.fullmatch(one) for one in form.all("stretches"))
    numbers = ([int(part) for part in one.groups()] for one in matches if one)
    return [(weekday, h * 60 + m, to_h * 60 + to_m) for weekday, h, m, to_h, to_m in numbers]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
