"""What a day is for one volunteer: the calendar laid on their week, and what that says of a shift."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.roster.models.availability import ALSO, OFF, ExceptionDay, Lesson, WeeklyFree
from services.roster.models.intervals import covers, merged, overlaps, without
from services.roster.models.term import EXAM, HOLIDAY, TEACHING, CalendarDay, Term

Span = tuple[int, int]
WHOLE_DAY = (0, 1440)
USUAL_DAY = (8 * 60, 22 * 60)  # the hours in which a timetable alone leaves somebody free
DAY_OFF, LESSON, ON_HOLIDAY, EXAM_WEEK, NOT_FREE = (
    "day_off", "lesson", "holiday", "exam_week", "not_free",
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day of one volunteer: what the calendar calls it, when they have time, which lessons hold."""

    on: date
    kind: str
    weekday: int
    name: dict[str, str] | None
    free: list[Span]
    lessons: list[Lesson]
    off: list[Span]


@dataclass(frozen=True)
class Week:
    """All that one volunteer has said about their time, and the terms it is read by."""

    weekly: Sequence[WeeklyFree] = ()
    lessons: Sequence[Lesson] = ()
    exceptions: Sequence[ExceptionDay] = ()
    terms: Sequence[Term] = field(default=())
    exam_weeks: bool = False

    @property
    def known(self) -> bool:
        """Tell whether they have said anything about an ordinary week."""
        return bool(self.weekly or self.lessons)

    def calendar_day(self, on: date) -> CalendarDay | None:
        """Return what the calendar says of a day; None between the terms."""
        return next((day for term in self.terms if (day := term.day(on))), None)

    def day(self, on: date) -> Day:
        """Return what a day is: exceptions go before lessons, lessons before the weekly hours.

        On a holiday and, unless they asked for it, in an exam week nobody counts on them. On a
        moved working day the lessons and the hours of the other weekday hold.
        """
        said = self.calendar_day(on)
        kind, weekday = (said.kind, said.weekday) if said else (TEACHING, on.isoweekday())
        lessons = self._lessons(on, said)
        usual = [one.span for one in self.weekly if one.weekday == weekday]
        if not self.weekly:
            usual = [USUAL_DAY] if self.lessons else []
        if kind == HOLIDAY or (kind == EXAM and not self.exam_weeks):
            usual = []
        also, off = self._exceptions(on, ALSO), self._exceptions(on, OFF)
        free = without(usual, [one.span for one in lessons])
        free = without(merged([*free, *also]), off)
        return Day(on, kind, weekday, said.name if said else None, free, lessons, off)

    def _exceptions(self, on: date, kind: str) -> list[Span]:
        return [one.span for one in self.exceptions if one.on_date == on and one.kind == kind]

    def _lessons(self, on: date, said: CalendarDay | None) -> list[Lesson]:
        once = [one for one in self.lessons if one.on_date == on]
        if said is None or said.kind in (HOLIDAY, EXAM):
            return once
        weekly = [
            one
            for one in self.lessons
            if one.term_id == said.term_id
            and one.weekday == said.weekday
            and said.week in (one.weeks or [])
        ]
        return sorted([*once, *weekly], key=lambda one: one.span)

    def advice(self, starts_at: datetime, ends_at: datetime, zone: str) -> str | None:
        """Say why a shift does not fit what they said, None where it does or nothing is known.

        It is advice: nobody is kept from a shift by it.
        """
        place = ZoneInfo(zone)
        for on, wanted in local_days(starts_at, ends_at, place):
            day = self.day(on)
            free = [instants(on, span, place) for span in day.free]
            if covers(free, wanted):
                continue
            off = [instants(on, span, place) for span in day.off]
            if any(overlaps(one, wanted) for one in off):
                return DAY_OFF
            if self.known:
                return self._why(day, wanted, place)
        return None

    def _why(self, day: Day, wanted: tuple[datetime, datetime], place: ZoneInfo) -> str:
        if any(overlaps(instants(day.on, one.span, place), wanted) for one in day.lessons):
            return LESSON
        if day.kind == HOLIDAY:
            return ON_HOLIDAY
        return EXAM_WEEK if day.kind == EXAM and not self.exam_weeks else NOT_FREE


def instants(on: date, span: Span, place: ZoneInfo) -> tuple[datetime, datetime]:
    """Return a stretch of a local day as UTC instants.

    An hour that the clocks skip is empty; one that they repeat is there twice.
    """
    starts, ends = span
    return _instant(on, starts, place, late=0), _instant(on, ends, place, late=1)


def local_days(
    starts_at: datetime, ends_at: datetime, place: ZoneInfo
) -> Iterator[tuple[date, tuple[datetime, datetime]]]:
    """Cut a range at the midnights of a place; yield each day with its part in UTC."""
    on, begin = starts_at.astimezone(place).date(), starts_at
    while begin < ends_at:
        midnight = instants(on, WHOLE_DAY, place)[1]
        yield on, (begin, min(ends_at, midnight))
        on, begin = on + timedelta(days=1), midnight


def _instant(on: date, minute: int, place: ZoneInfo, *, late: int) -> datetime:
    day, minute = (on + timedelta(days=1), 0) if minute == 1440 else (on, minute)
    at = datetime.combine(day, time(minute // 60, minute % 60), place)
    return at.replace(fold=0 if minute == 0 else late).astimezone(UTC)
