"""When the demo's things happen: days and hours at the centre."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deploy import demo_words as words
from shared import clock

ZONE = ZoneInfo("Asia/Shanghai")
SECTIONS = (  # 45 minutes each, two in a row with a short break
    "08:00-08:45", "08:55-09:40", "10:00-10:45", "10:55-11:40", "14:00-14:45", "14:55-15:40",
    "16:00-16:45", "16:55-17:40", "19:00-19:45", "19:55-20:40", "20:50-21:35", "21:45-22:30",
)  # fmt: skip


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


def term_around(today: date) -> dict[str, Any]:
    """Return the term that ``today`` lies in, or the next one, as a university writes it."""
    autumn = today.month >= 8 or today.month == 1
    year = today.year - (today.month == 1)
    first = date(year, 8, 31) if autumn else date(year, 2, 22)
    body = words.AUTUMN_TERM if autumn else words.SPRING_TERM
    monday = first + timedelta(days=-first.weekday() % 7)
    span = f"{year}–{year + 1}" if autumn else f"{year - 1}–{year}"
    name = {code: text.format(span=span) for code, text in body["name"].items()}
    return {
        "name": name,
        "starts_on": monday.isoformat(),
        "weeks": 21,
        "exam_weeks": [20, 21],
        "holidays": [
            {
                "from": date(year + later, *begin).isoformat(),
                "to": date(year + later, *end).isoformat(),
                "name": title,
            }
            for later, begin, end, title in body["holidays"]
        ],
        "moved_days": [_moved(date(year, *after), title) for after, title in body["moved"]],
        "sections": [{"starts": one[:5], "ends": one[6:]} for one in SECTIONS],
    }


def _moved(after: date, title: words.Text) -> dict[str, Any]:
    """Return the Saturday after a holiday, which has the timetable of the holiday's last weekday."""
    saturday = after + timedelta(days=(5 - after.weekday()) % 7 or 7)
    follows = min(after.isoweekday(), 5)
    return {"date": saturday.isoformat(), "follows": follows, "name": title}


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
