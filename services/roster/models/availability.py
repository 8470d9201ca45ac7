"""When a volunteer has time: weekly hours, lessons of a timetable, and days that differ.

Times are minutes of a day at the venue; 1440 is midnight at its end. The database refuses two
weekly ranges, or two exceptions of one day, that overlap (exclusion constraints on PostgreSQL,
triggers on SQLite; both are written in migration 0003).
"""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, Json

OFF, ALSO = KINDS = ("off", "also")
DAY_MINUTES = 1440
MOST_LESSONS = 400
TITLE_MOST = 80
WITHIN_A_DAY = "from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440"


class WeeklyFree(Base):
    """A stretch of a weekday in which somebody usually has time."""

    __tablename__ = "weekly_free"
    __table_args__ = (
        CheckConstraint(WITHIN_A_DAY, name="range"),
        CheckConstraint("weekday >= 1 AND weekday <= 7", name="weekday"),
    )

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_minute: Mapped[int] = mapped_column(Integer, primary_key=True)
    to_minute: Mapped[int] = mapped_column(Integer)

    @property
    def span(self) -> tuple[int, int]:
        """Return the stretch in minutes of the day."""
        return self.from_minute, self.to_minute


class ExceptionDay(Base):
    """A day, or a part of it, on which somebody does not come although the week says so, or does."""

    __tablename__ = "exception_day"
    __table_args__ = (
        CheckConstraint(WITHIN_A_DAY, name="range"),
        CheckConstraint("kind IN ('off', 'also')", name="kind"),
        Index("ix_exception_day_person", "person_id", "on_date"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"))
    on_date: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(4))
    from_minute: Mapped[int] = mapped_column(Integer, server_default="0")
    to_minute: Mapped[int] = mapped_column(Integer, server_default="1440")

    @property
    def span(self) -> tuple[int, int]:
        """Return the stretch in minutes of the day."""
        return self.from_minute, self.to_minute

    @property
    def whole_day(self) -> bool:
        """Tell whether it holds from midnight to midnight."""
        return self.span == (0, DAY_MINUTES)


class Lesson(Base):
    """A lesson of somebody's timetable.

    Either weekly within the weeks of a term (the calendar moves it, or lets it fall out), or once
    on a date (nothing moves it). Two lessons may overlap: real timetables have such weeks.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        CheckConstraint(WITHIN_A_DAY, name="range"),
        CheckConstraint(
            "(on_date IS NULL AND weekday IS NOT NULL AND term_id IS NOT NULL AND weeks IS NOT NULL)"
            " OR (on_date IS NOT NULL AND weekday IS NULL AND term_id IS NULL AND weeks IS NULL)",
            name="when",
        ),
        CheckConstraint("weekday >= 1 AND weekday <= 7", name="weekday"),
        Index("ix_lesson_person", "person_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"))
    title: Mapped[str] = mapped_column(String(TITLE_MOST))
    from_minute: Mapped[int] = mapped_column(Integer)
    to_minute: Mapped[int] = mapped_column(Integer)
    term_id: Mapped[str | None] = mapped_column(Id)
    weekday: Mapped[int | None] = mapped_column(Integer)
    weeks: Mapped[list[Any] | None] = mapped_column(Json)
    on_date: Mapped[date | None] = mapped_column(Date)

    @property
    def span(self) -> tuple[int, int]:
        """Return the stretch in minutes of the day."""
        return self.from_minute, self.to_minute
