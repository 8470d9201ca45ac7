"""A skill: a code that shifts ask for and volunteers are granted, and how somebody comes by it."""

from calendar import monthrange
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, Json

NO_PROOF, PRACTICE = PROOFS = ("none", "sign_off")  # a quiz belongs to the training
LEARNING, ABLE, SENIOR = LEVELS = (1, 2, 3)


class Skill(Base):
    """What a volunteer can do; its ``code`` is used in sessions' staffing and never changes.

    Levels: 1 with guidance, 2 on one's own, 3 senior (may sign others off). ``offering_id`` is the
    training that leads to it, ``proof`` what comes after the training; a grant holds
    ``valid_months`` unless somebody says otherwise.
    """

    __tablename__ = "skill"
    __table_args__ = (
        CheckConstraint("proof IN ('none', 'quiz', 'sign_off')", name="proof"),
        CheckConstraint("valid_months > 0 AND valid_months <= 120", name="valid_months"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[dict[str, Any]] = mapped_column(Json())
    offering_id: Mapped[str | None] = mapped_column(Id)
    proof: Mapped[str] = mapped_column(String(10), server_default=PRACTICE)
    valid_months: Mapped[int | None] = mapped_column(Integer)

    def holds_until(self, at: datetime) -> datetime | None:
        """Return when a grant made ``at`` a moment ends: the same day of a later month, or its last."""
        if self.valid_months is None:
            return None
        years, month = divmod(at.month - 1 + self.valid_months, 12)
        year, month = at.year + years, month + 1
        return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))
