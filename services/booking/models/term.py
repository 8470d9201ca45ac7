"""Booking's copy of the term calendar: which day is a teaching day, a holiday, an exam day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json

TEACHING, HOLIDAY, EXAM, MOVED = KINDS = ("teaching", "holiday", "exam", "moved")


@dataclass(frozen=True)
class Day:
    """What the calendar says of a day: its term and week, what kind of day, whose timetable.

    `follows` is the ISO weekday whose timetable a moved working day (调休) has; `name` is the
    holiday's or the reason's.
    """

    term_id: str
    term: dict[str, str]
    week: int
    kind: str
    name: dict[str, str] | None = None
    follows: int | None = None


class Term(Base):
    """A term as catalog last announced it. `starts_on` is the Monday of teaching week 1."""

    __tablename__ = "term"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    name: Mapped[dict[str, str]] = mapped_column(Json)
    starts_on: Mapped[date] = mapped_column(Date)
    weeks: Mapped[int]
    exam_weeks: Mapped[list[Any]] = mapped_column(Json)
    holidays: Mapped[list[Any]] = mapped_column(Json)
    moved_days: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))

    @property
    def ends_on(self) -> date:
        """Return the Sunday of its last week."""
        return self.starts_on + timedelta(weeks=self.weeks, days=-1)

    def day(self, on: date) -> Day | None:
        """Return what this term says of a day; None outside it."""
        if self.state != "active" or not self.starts_on <= on <= self.ends_on:
            return None
        week = (on - self.starts_on).days // 7 + 1
        shown = on.isoformat()
        for one in self.moved_days:
            if one["date"] == shown:
                return Day(self.id, self.name, week, MOVED, one["name"], one["follows"])
        for one in self.holidays:
            if one["from"] <= shown <= one["to"]:
                return Day(self.id, self.name, week, HOLIDAY, one["name"])
        return Day(self.id, self.name, week, EXAM if week in self.exam_weeks else TEACHING)
