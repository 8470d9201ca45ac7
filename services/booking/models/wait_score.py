"""A wait score: how well the ranges held that were told in one session."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime


class WaitScore(Base):
    """`told` people heard a range when they arrived and were called; `inside` were called within it.

    `width` is the mean width of the ranges, `naive_width` that of "middle ± so many percent" with
    the smallest percentage that holds as often (both minutes). `untold` people heard no range.
    """

    __tablename__ = "wait_score"
    __table_args__ = (
        CheckConstraint("inside >= 0 AND inside <= told", name="inside"),
        Index("ix_wait_score_starts_at", "starts_at"),
    )

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"), primary_key=True)
    offering_id: Mapped[str] = mapped_column(Id)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[int]
    inside: Mapped[int]
    untold: Mapped[int]
    width: Mapped[float]
    naive_width: Mapped[float]
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def share(self) -> float | None:
        """Return the share that was called inside the range; None where nobody heard one."""
        return self.inside / self.told if self.told else None
