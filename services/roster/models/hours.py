"""Hours: the minutes an assignment really served, from its check-in and check-out."""

from datetime import datetime, timedelta

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.roster.models.assignment import Assignment
from services.roster.models.base import Base
from shared.database import Id, UtcDateTime


class Hours(Base):
    """One row per assignment. Trials are recorded, and counted in no total."""

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("checked_in_at <= checked_out_at", name="range"),
        Index("ix_hours_person", "person_id", "checked_in_at"),
    )

    assignment_id: Mapped[str] = mapped_column(Id, ForeignKey("assignment.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id)
    minutes: Mapped[int] = mapped_column(Integer)
    checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_out_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closed_by_rule: Mapped[bool] = mapped_column(Boolean, server_default=false())
    trial: Mapped[bool] = mapped_column(Boolean, server_default=false())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())

    assignment: Mapped[Assignment] = relationship(lazy="raise", viewonly=True)


def minutes_between(checked_in_at: datetime, checked_out_at: datetime) -> int:
    """Return the whole minutes served; begun minutes do not count."""
    return max(0, (checked_out_at - checked_in_at) // timedelta(minutes=1))
