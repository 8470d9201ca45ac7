"""The roster's copy of the term calendar: which day is a teaching day, a holiday, an exam day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, Json

TEACHING, HOLIDAY, EXAM, MOVED = "teaching", "holiday", "exam", "moved"


@dataclass(frozen=True)
class CalendarDay:
    """What the calendar says of a day within a term.

    ``weekday`` is the ISO weekday whose timetable holds: on a moved working day (调休) another one.
    """

    term_id: str
    week: int
    kind: str
    weekday: int
    name: dict[str, str] | None = None


class Term(Base):
    """A term as catalog last announced it. ``starts_on`` is the Monday of teaching week 1.

    ``sections``: [{"starts", "ends"}], the local times of the lessons of a day (节次), in order.
    """

    __tablename__ = "term"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    starts_on: Mapped[date] = mapped_column(Date)
    weeks: Mapped[int]
    exam_weeks: Mapped[list[Any]] = mapped_column(Json)
    holidays: Mapped[list[Any]] = mapped_column(Json)
    moved_days: Mapped[list[Any]] = mapped_column(Json)
    sections: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))

    @property
    def ends_on(self) -> date:
        """Return the Sunday of its last week."""
        return self.starts_on + timedelta(weeks=self.weeks, days=-1)

    def week_of(self, on: date) -> int:
        """Return the number of the teaching week; only days of the term have one."""
        return (on - self.starts_on).days // 7 + 1

    def date_of(self, week: int, weekday: int) -> date:
        """Return the day of a week and an ISO weekday."""
        return self.starts_on + timedelta(weeks=week - 1, days=weekday - 1)

    def day(self, on: date) -> CalendarDay | None:
        """Return what this term says of a day; None outside it."""
        if self.state != "active" or not self.starts_on <= on <= self.ends_on:
            return None
        week, shown = self.week_of(on), on.isoformat()
        for one in self.moved_days:
            if one["date"] == shown:
                return CalendarDay(self.id, week, MOVED, one["follows"], one["name"])
        for one in self.holidays:
            if one["from"] <= shown <= one["to"]:
                return CalendarDay(self.id, week, HOLIDAY, on.isoweekday(), one["name"])
        kind = EXAM if week in self.exam_weeks else TEACHING
        return CalendarDay(self.id, week, kind, on.isoweekday())
