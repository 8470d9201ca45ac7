"""When the demo's things happen: days and hours at the centre."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deploy import demo_words as words
from shared import clock

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return the day it is at the centre."""
    return clock.now().astimezone(ZONE).date()


def weekday_of(day: date, weekday: int) -> date:
    """Return the day of ``day``'s week that is ``weekday`` (Monday is 0)."""
    return day - timedelta(days=day.weekday() - weekday)


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an hour of a day at the centre."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def last_quarter(at: datetime) -> datetime:
    """Return the full quarter of an hour before ``at``."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def next_theme_day(today: date) -> tuple[words.Text, date]:
    """Return the next commemorative day ahead, with its title."""
    ahead = [
        (date(year, *day), title)
        for year in (today.year, today.year + 1)
        for day, title in words.THEME_DAYS
        if date(year, *day) > today
    ]
    day, title = min(ahead, key=lambda one: one[0])
    return title, day


def set_time(at: datetime) -> None:
    """Move a simulated clock on; it never goes back."""
    if clock.current().simulated and at > clock.now():
        clock.current().set(at)
