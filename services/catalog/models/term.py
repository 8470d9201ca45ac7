"""A term of the university: teaching weeks, exam weeks, holidays, moved working days (调休)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.database import Id, Json

TEACHING, HOLIDAY, EXAM, MOVED = KINDS = ("teaching", "holiday", "exam", "moved")
MOST_WEEKS = 30
MOST_SECTIONS = 20


@dataclass(frozen=True)
class Day:
    """What the calendar says of a day: its week, what kind of day, whose timetable it has.

    `follows` is the ISO weekday whose timetable a moved working day has.
    """

    on: date
    week: int
    kind: str
    name: dict[str, str] | None = None
    follows: int | None = None


class Term(Base):
    """`starts_on` is the Monday of teaching week 1; active terms do not overlap.

    `exam_weeks` are numbers of weeks; `holidays` [{"from", "to", "name"}], both days included;
    `moved_days` [{"date", "follows", "name"}]: what is taught that day is weekday `follows`;
    `sections` [{"starts", "ends"}] in local time: when the lessons of a day (节次) begin and end.
    """

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("weeks > 0", name="weeks"),
        CheckConstraint("state IN ('active', 'archived')", name="state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    starts_on: Mapped[date] = mapped_column(Date)
    weeks: Mapped[int]
    exam_weeks: Mapped[list[int]] = mapped_column(Json)
    holidays: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    moved_days: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    sections: Mapped[list[dict[str, str]]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="active")

    @property
    def ends_on(self) -> date:
        """Return the Sunday of its last week."""
        return self.starts_on + timedelta(weeks=self.weeks, days=-1)

    def day(self, on: date) -> Day | None:
        """Return what this term says of a day; None outside it."""
        if not self.starts_on <= on <= self.ends_on:
            return None
        week, shown = (on - self.starts_on).days // 7 + 1, on.isoformat()
        for one in self.moved_days:
            if one["date"] == shown:
                return Day(on, week, MOVED, one["name"], one["follows"])
        for one in self.holidays:
            if one["from"] <= shown <= one["to"]:
                return Day(on, week, HOLIDAY, one["name"])
        return Day(on, week, EXAM if week in self.exam_weeks else TEACHING)
