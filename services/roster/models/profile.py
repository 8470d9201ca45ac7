"""What a volunteer asks to be spared, and whether they are still new: one row per volunteer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

NEWCOMER_UNTIL = 3  # shifts really served; trials do not count
BY_RULE = "rule"
MOST_WEEK_SHIFTS = 14
MOST_REST_MINUTES = 48 * 60
MOST_ROW_MINUTES = 12 * 60


@dataclass(frozen=True)
class Limits:
    """How much a volunteer takes on; None and 0 mean: no limit.

    ``week_shifts`` counts by the week at the venue, Monday to Sunday. ``rest_minutes`` lie between
    stretches of service, ``row_minutes`` bound one stretch.
    """

    week_shifts: int | None = None
    rest_minutes: int = 0
    row_minutes: int | None = None
    exam_weeks: bool = False


class Profile(Base):
    """Limits, and when and through whom somebody stopped being a newcomer; no row: the defaults.

    ``help``: they want to be asked when a running session is short of hands.
    """

    __tablename__ = "volunteer_profile"
    __table_args__ = (
        CheckConstraint(f"week_shifts BETWEEN 1 AND {MOST_WEEK_SHIFTS}", name="week_shifts"),
        CheckConstraint(f"rest_minutes BETWEEN 0 AND {MOST_REST_MINUTES}", name="rest"),
        CheckConstraint(f"row_minutes BETWEEN 30 AND {MOST_ROW_MINUTES}", name="row"),
        CheckConstraint("(experienced_at IS NULL) = (experienced_by IS NULL)", name="experienced"),
    )

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    week_shifts: Mapped[int | None] = mapped_column(Integer)
    rest_minutes: Mapped[int] = mapped_column(Integer, server_default="0")
    row_minutes: Mapped[int | None] = mapped_column(Integer)
    exam_weeks: Mapped[bool] = mapped_column(Boolean, server_default=false())
    help: Mapped[bool] = mapped_column(Boolean, server_default=false())
    experienced_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    experienced_by: Mapped[str | None] = mapped_column(String(36))

    @property
    def limits(self) -> Limits:
        """Return the limits as they count."""
        return Limits(self.week_shifts, self.rest_minutes, self.row_minutes, self.exam_weeks)
