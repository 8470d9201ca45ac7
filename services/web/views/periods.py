"""Named stretches of time on pages: today, this week, this month, this term, this year, or two days one types."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from services.web import dates
from services.web.clients import clients
from services.web.i18n import _, lang
from shared.http_client import Problem, Unavailable

ALL = "all"
OWN = "own"
AUTUMN, SPRING = (8, 16), (2, 1)  # where a term is not in the calendar: half a year of each


@dataclass(frozen=True)
class Period:
    """`name` is one of NAMES, or own; both days belong to it, None is open."""

    name: str
    first: date | None
    last: date | None

    @property
    def query(self) -> dict[str, str]:
        """How an API is asked for it."""
        days = {"from": self.first, "to": self.last}
        return {name: day.isoformat() for name, day in days.items() if day}

    @property
    def words(self) -> str:
        """The days in words: 11 月 23 日 周一 – 11 月 29 日 周日."""
        return self._with(dates.day)

    @property
    def printed(self) -> str:
        """The same for paper, which is read in other years too."""
        return self._with(dated)

    def _with(self, say: Callable[[date], str]) -> str:
        if self.first is None and self.last is None:
            return _("从开始到现在")
        if self.first == self.last and self.first:
            return say(self.first)
        ends = (say(day) if day else "…" for day in (self.first, self.last))
        return " – ".join(ends)


def dated(day: date) -> str:
    """A day with its year: 2026 年 11 月 27 日, 27 Nov 2026."""
    if lang() == "en":
        return f"{day.day} {dates.MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def names() -> dict[str, str]:
    """The named periods and their words."""
    return {
        "today": _("今天"),
        "week": _("本周"),
        "month": _("本月"),
        "term": _("本学期"),
        "year": _("今年"),
        ALL: _("全部"),
    }


def asked_for(given: MultiDict[str, str], default: str) -> Period:
    """The period of ?from= and ?to= where they are sent, else of ?period=; a day that makes no sense is open."""
    first, last = _day(given.get("from")), _day(given.get("to"))
    name = given.get("period", "")
    if "from" in given or "to" in given:
        if first and last and first > last:
            first, last = last, first
        return Period(OWN, first, last)
    return named(name if name in names() else default)


def named(name: str) -> Period:
    """A named period, as it lies around today."""
    today = dates.today()
    monday = today - timedelta(days=today.weekday())
    if name == "term":
        return Period(name, *(_in_calendar(today) or half_year(today)))
    first, last = {
        "today": (today, today),
        "week": (monday, monday + timedelta(days=6)),
        "month": (today.replace(day=1), _before(_next_month(today))),
        "year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }.get(name, (None, None))
    return Period(name, first, last)


def _in_calendar(today: date) -> tuple[date, date] | None:
    """The term of the calendar that holds this day: from the Monday of week 1 to the Sunday of the last."""
    try:
        terms = clients().catalog.get("/terms")["items"]
    except (Unavailable, Problem):
        return None
    for one in terms:
        first, last = (date.fromisoformat(one[name]) for name in ("starts_on", "ends_on"))
        if first <= today <= last:
            return first, last
    return None


def half_year(today: date) -> tuple[date, date]:
    """The first and last day of the half year that holds this day: from 16 August, from 1 February."""
    year = today.year
    starts = [date(year - 1, *AUTUMN), date(year, *SPRING), date(year, *AUTUMN)]
    first = max(day for day in starts if day <= today)
    ends = [date(year, *SPRING), date(year, *AUTUMN), date(year + 1, *SPRING)]
    return first, _before(min(day for day in ends if day > today))


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
