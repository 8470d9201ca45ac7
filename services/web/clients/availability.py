"""A volunteer's time as the front sees it: weekly hours, exceptions, lessons, limits, days ahead."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, Json, Text, read, read_all


@dataclass(frozen=True)
class Span:
    """A stretch of a day, as HH:MM; 24:00 is midnight at its end."""

    starts: str
    ends: str

    @property
    def minutes(self) -> tuple[int, int]:
        """The stretch in minutes of the day."""
        return minute_of(self.starts), minute_of(self.ends)


@dataclass(frozen=True)
class WeeklySpan(Span):
    """A stretch of a weekday."""

    weekday: int


@dataclass(frozen=True)
class ExceptionDay(Span):
    """A day that differs from the week."""

    id: str
    on: date
    kind: str
    whole_day: bool


@dataclass(frozen=True)
class Lesson(Span):
    """A lesson of the timetable: weekly in some weeks, or once."""

    id: str
    title: str
    weekday: int | None = None
    weeks: tuple[int, ...] | None = None
    on: date | None = None


@dataclass(frozen=True)
class DayLesson(Span):
    """A lesson that holds on a day."""

    title: str


@dataclass(frozen=True)
class Limits:
    """How much somebody takes on."""

    week_shifts: int | None
    rest_minutes: int
    row_minutes: int | None
    exam_weeks: bool


@dataclass(frozen=True)
class Day:
    """A day ahead."""

    on: date
    kind: str
    weekday: int
    free: tuple[Span, ...]
    lessons: tuple[DayLesson, ...]
    off: tuple[Span, ...]
    name: Text | None = None


@dataclass(frozen=True)
class Availability:
    """All that a volunteer said about their time."""

    person_id: str
    weekly: tuple[WeeklySpan, ...]
    lessons: tuple[Lesson, ...]
    exceptions: tuple[ExceptionDay, ...]
    limits: Limits
    days: tuple[Day, ...]

    @property
    def weekly_minutes(self) -> int:
        """How much time an ordinary week has."""
        return sum(one.minutes[1] - one.minutes[0] for one in self.weekly)


@dataclass(frozen=True)
class Draft(Span):
    """A lesson as it was understood from a file."""

    title: str
    weekday: int | None = None
    weeks: tuple[int, ...] | None = None
    on: date | None = None


@dataclass(frozen=True)
class LeftOut:
    """A line of a file that was left out, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Timetable:
    """What a file came to."""

    kind: str
    lessons: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Briefing:
    """A briefing in its newest version, as one volunteer stands to it."""

    code: str
    version: int
    title: Text
    text: Text
    needed: bool
    written_at: datetime
    read_at: datetime | None = None
    read_version: int | None = None


class AvailabilityCalls(Client):
    """Calls about a volunteer's time."""

    def my_availability(self, first: date | None = None, days: int = 14) -> Availability:
        """What the reader said, and the days from `first` (today) on."""
        params: Json = {"days": days, **({"first": first.isoformat()} if first else {})}
        return read(Availability, self.get("/availability/mine", params=params))

    def availability_of(self, person_id: str) -> Availability:
        """What somebody said (staff)."""
        return read(Availability, self.get(f"/volunteers/{person_id}/availability"))

    def save_weekly(self, hours: list[Json]) -> None:
        """Replace the reader's weekly hours."""
        self.put("/availability/mine/weekly", {"hours": hours})

    def save_limits(self, limits: Json) -> None:
        """Replace the reader's limits."""
        self.put("/availability/mine/limits", limits)

    def add_exception(self, entry: Json, key: str) -> None:
        """Note a day that differs."""
        self.post("/availability/mine/exceptions", entry, key=key)

    def remove_exception(self, entry_id: str) -> None:
        """Take a day that differs back."""
        self.delete(f"/availability/mine/exceptions/{entry_id}")

    def import_timetable(self, encoded: str, *, dry_run: bool, key: str | None) -> Timetable:
        """Read a file's lessons, and put them in place of the old ones unless it is a dry run."""
        body = {"content_base64": encoded, "dry_run": dry_run}
        return read(Timetable, self.post("/availability/mine/timetable", body, key=key))

    def remove_timetable(self) -> None:
        """Forget the reader's lessons."""
        self.delete("/availability/mine/timetable")

    def my_briefings(self) -> tuple[Briefing, ...]:
        """All briefings, those the reader has not read first."""
        return read_all(Briefing, self.get("/briefings")["items"])

    def read_briefing(self, code: str, version: int, key: str) -> None:
        """Confirm that a version was read."""
        self.post(f"/briefings/{code}/read", {"version": version}, key=key)

    def briefings_of(self, person_id: str) -> tuple[Briefing, ...]:
        """All briefings as somebody stands to them (staff)."""
        return read_all(Briefing, self.get(f"/volunteers/{person_id}/briefings")["items"])

    def save_briefing(self, code: str, body: Json, version: int) -> None:
        """Write the version of a briefing after the one that was seen; 0 for the first (staff)."""
        self.put(f"/briefings/{code}", body, version=version)


def minute_of(clock_time: str) -> int:
    """Minutes since midnight of HH:MM."""
    return int(clock_time[:2]) * 60 + int(clock_time[3:])
