"""The booking policy of an offering: what may be booked when and how much, as data with a version."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

VALUES = (
    "opens_days",
    "opens_at",
    "horizon_days",
    "notice_minutes",
    "cancel_cutoff_minutes",
    "move_cutoff_minutes",
    "buffer_minutes",
    "max_devices",
    "week_limit",
    "term_limit",
    "categories",
    "blackouts",
    "closed_on_holidays",
    "closed_in_exam_weeks",
    "waiver_version",
)


class Policy(Base):
    """One per offering; an offering without one has version 0 and the rules that catalog announces.

    An empty value leaves a rule to the session, as catalog announced it. `categories` is
    [{"id", "minutes"}] (minutes may be null), `blackouts` is [{"from", "to", "note": {"zh", "en"}}],
    both days included; `opens_at` is a time of day at the venue.
    """

    __tablename__ = "policy"
    __table_args__ = (
        CheckConstraint("(opens_days IS NULL) = (opens_at IS NULL)", name="opens"),
        CheckConstraint("notice_minutes >= 0 AND buffer_minutes >= 0", name="minutes"),
        CheckConstraint("week_limit > 0 AND term_limit > 0 AND max_devices > 0", name="limits"),
        ForeignKeyConstraint(
            ["offering_id", "waiver_version"],
            ["waiver.offering_id", "waiver.version"],
            name="fk_policy_waiver",
        ),
    )

    offering_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    opens_days: Mapped[int | None]
    opens_at: Mapped[str | None] = mapped_column(String(5))
    horizon_days: Mapped[int | None]
    notice_minutes: Mapped[int] = mapped_column(default=0)
    cancel_cutoff_minutes: Mapped[int | None]
    move_cutoff_minutes: Mapped[int | None]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    max_devices: Mapped[int | None]
    week_limit: Mapped[int | None]
    term_limit: Mapped[int | None]
    categories: Mapped[list[Any]] = mapped_column(Json)
    blackouts: Mapped[list[Any]] = mapped_column(Json)
    closed_on_holidays: Mapped[bool] = mapped_column(default=False)
    closed_in_exam_weeks: Mapped[bool] = mapped_column(default=False)
    waiver_version: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def values(self) -> dict[str, Any]:
        """Return the rules by name."""
        return {name: getattr(self, name) for name in VALUES}


class Waiver(Base):
    """A text that people agree to before they book; a changed text is a new version."""

    __tablename__ = "waiver"

    offering_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[dict[str, str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WaiverAccepted(Base):
    """Who agreed to which version, and when."""

    __tablename__ = "waiver_accepted"

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    offering_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonCount(Base):
    """How many bookings a person holds of an offering in a week or a term.

    `period` is the session's `week_key` or `term_key`. `most` is the limit that held when the last
    one was taken (null: none); the CHECK bounds `held` by it, whatever path a booking takes.
    """

    __tablename__ = "person_count"
    __table_args__ = (CheckConstraint("held >= 0 AND (most IS NULL OR held <= most)", name="held"),)

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    period: Mapped[str] = mapped_column(String(90), primary_key=True)
    held: Mapped[int]
    most: Mapped[int | None]
