"""The weekly ranking: who takes part and under which name, the weeks that were published, the places in them.

A place hangs on taking part (a foreign key that deletes along), so that nobody who left stands on any
list. Ranks are counted when they are read: a stored one would leave a gap that betrays who left.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from services.roster.models.period import ZONE
from shared.database import Id, UtcDateTime

PUBLISHED_AT = time(8)  # on Monday, at the centre; also where that Monday is a holiday
CATCH_UP_WEEKS = 4  # after a worker was away; older news is none
KEPT_WEEKS = 26
NAME_MOST = 200
CODE_LENGTH = 4
WEEK = timedelta(days=7)


class RankingMember(Base):
    """Who takes part, since when, under which name; no name: under "volunteer" and the code."""

    __tablename__ = "ranking_member"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("name <> ''", name="name"),
    )

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    name: Mapped[str | None] = mapped_column(String(NAME_MOST))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime())


class RankingWeek(Base):
    """A week that was published: its key is what keeps it to once."""

    __tablename__ = "ranking_week"

    first_day: Mapped[date] = mapped_column(Date, primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime())


class RankingPlace(Base):
    """What somebody who takes part had served in a week, as the policy counted it when it was published."""

    __tablename__ = "ranking_place"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    first_day: Mapped[date] = mapped_column(
        Date, ForeignKey("ranking_week.first_day", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(
        Id,
        ForeignKey("ranking_member.person_id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )
    minutes: Mapped[int] = mapped_column(Integer)


def last_day(first_day: date) -> date:
    """Return the Sunday of the week that begins with a Monday."""
    return first_day + WEEK - timedelta(days=1)


def due_at(first_day: date, zone: ZoneInfo = ZONE) -> datetime:
    """Return the instant from which a week's list can be published: the Monday after it, in the morning."""
    return datetime.combine(first_day + WEEK, PUBLISHED_AT, zone)


def newest_due(at: datetime, zone: ZoneInfo = ZONE) -> date:
    """Return the Monday of the newest week whose list is due at an instant."""
    today = at.astimezone(zone).date()
    before = today - timedelta(days=today.weekday()) - WEEK
    return before if due_at(before, zone) <= at else before - WEEK


def weeks_due(last: date | None, at: datetime, zone: ZoneInfo = ZONE) -> list[date]:
    """Return the weeks to publish at an instant, oldest first, after ``last`` was (None: none ever).

    Only the newest at the very beginning, and no more than ``CATCH_UP_WEEKS`` after a long pause.
    """
    newest = newest_due(at, zone)
    missed = 1 if last is None else (newest - last) // WEEK
    return [newest - n * WEEK for n in reversed(range(min(missed, CATCH_UP_WEEKS)))]
