"""Feedback: whether a repaired device still works, asked once, answered with one tap."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime


class Feedback(Base):
    """One per ticket. `asked_at` is when the message went out, `works` what was answered.

    Nothing here names a volunteer, and no query joins it with one.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("(works IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_feedback_answered_at", "answered_at", "ticket_id"),
    )

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    works: Mapped[bool | None]
    words: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
