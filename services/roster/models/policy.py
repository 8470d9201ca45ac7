"""The policy about hours: how a figure is rounded where it is shown, and how long one may object.

The ledger keeps minutes. A policy is a numbered version that holds from a day on; none is changed
later, so whoever reads a rounded figure can say by which rule it came about.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

EXACT, DOWN, NEAREST, UP = ROUNDINGS = ("exact", "down", "nearest", "up")
FIRST_DAY = date(2000, 1, 1)
OBJECTION_DAYS = 7  # a public notice lasts seven days at least (民发〔2015〕149号)
BY_START = "start"


class HoursPolicy(Base):
    """One version. The minutes of a person's day are added up, rounded, and then capped."""

    __tablename__ = "hours_policy"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("rounding IN ('exact', 'down', 'nearest', 'up')", name="rounding"),
        CheckConstraint("step_minutes >= 1 AND step_minutes <= 240", name="step"),
        CheckConstraint("day_cap_minutes >= 60 AND day_cap_minutes <= 1440", name="day_cap"),
        CheckConstraint("objection_days >= 1 AND objection_days <= 60", name="objection_days"),
    )

    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    rounding: Mapped[str] = mapped_column(String(10))
    step_minutes: Mapped[int] = mapped_column(Integer)
    day_cap_minutes: Mapped[int | None] = mapped_column(Integer)
    objection_days: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date] = mapped_column(Date)
    made_by: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())

    def of_a_day(self, minutes: int) -> int:
        """Round the minutes of one person's day, then cap them; half a step goes up at ``nearest``."""
        step = self.step_minutes
        if self.rounding == DOWN:
            minutes = minutes // step * step
        elif self.rounding == UP:
            minutes = -(-minutes // step) * step
        elif self.rounding == NEAREST:
            minutes = (2 * minutes + step) // (2 * step) * step
        return min(minutes, self.day_cap_minutes or minutes)


def in_force(policies: Sequence[HoursPolicy], day: date) -> HoursPolicy:
    """Return the newest version that holds on a day; ``policies`` are in order of their versions."""
    return [one for one in policies if one.valid_from <= day][-1]


def rounded(policies: Sequence[HoursPolicy], days: Mapping[date, int]) -> int:
    """Return what the policies make of one person's minutes by day, each day by its own version."""
    return sum(in_force(policies, day).of_a_day(minutes) for day, minutes in days.items())
