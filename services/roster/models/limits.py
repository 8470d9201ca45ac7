"""The limits of a volunteer, laid on a shift they would take: which of them stands in the way."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.roster.errors import RestTooShort, TooLongInARow, WeekFull
from services.roster.models.intervals import merged
from services.roster.models.profile import Limits
from shared.errors import Refusal

PAUSE = timedelta(minutes=15)  # shorter gaps are no pause: the shifts are one stretch
REACH = timedelta(days=9)  # how far around a shift other shifts can matter: its week, its rest
Range = tuple[datetime, datetime]


def broken_limit(
    limits: Limits, taken: Sequence[Range], wanted: Range, zone: str
) -> Refusal | None:
    """Return the limit that ``wanted`` would break beside the shifts ``taken``, None if none.

    ``zone`` is the venue's: a week begins on Monday there, also across a change of the clocks.
    """
    if limits.week_shifts is not None:
        week = week_of(wanted[0], zone)
        held = sum(1 for start, _ in taken if week_of(start, zone) == week)
        if held >= limits.week_shifts:
            return WeekFull(most=limits.week_shifts)
    others = stretches(taken)
    mine = next(one for one in stretches([*taken, wanted]) if one[0] <= wanted[0] < one[1])
    if limits.row_minutes is not None and minutes(mine) > limits.row_minutes:
        return TooLongInARow(hours=shown_hours(limits.row_minutes))
    rest = timedelta(minutes=limits.rest_minutes)
    apart = [one for one in others if one[1] <= mine[0] or mine[1] <= one[0]]
    if any(max(one[0] - mine[1], mine[0] - one[1]) < rest for one in apart):
        return RestTooShort(hours=shown_hours(limits.rest_minutes))
    return None


def stretches(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges joined over gaps that are no pause."""
    widened = merged((start, end + PAUSE - timedelta(microseconds=1)) for start, end in ranges)
    return [(start, end - PAUSE + timedelta(microseconds=1)) for start, end in widened]


def minutes(one: Range) -> int:
    """Return the whole minutes of a range."""
    return (one[1] - one[0]) // timedelta(minutes=1)


def week_of(at: datetime, zone: str) -> date:
    """Return the Monday, at the venue, of the week in which an instant lies."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def shown_hours(of_minutes: int) -> str:
    """Return minutes as hours, as a sentence names them: 2, 1.5."""
    return f"{of_minutes / 60:g}"
