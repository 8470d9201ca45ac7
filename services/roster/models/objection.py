"""Objections of volunteers to what was recorded of them, and absences with or without a reason."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.roster.models.assignment import Assignment
from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

WAITS, UPHELD, DECLINED = ("open", "upheld", "declined")
WORDS_MOST = 500
AN_ABSENCE = 0  # what an objection is about, where it is no entry of the ledger
ONE_PER_VERSION = "uq_objection_assignment_id_about"


class Objection(Base):
    """A volunteer's word against an entry (its number in ``about``), and what a coordinator decided.

    One per entry: who is not content with the decision sees a corrected entry, and may object to
    that. Nobody decides about their own hours.
    """

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("assignment_id", "about"),
        CheckConstraint("state IN ('open', 'upheld', 'declined')", name="state"),
        CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> person_id", name="not_oneself"),
        Index("ix_objection_month", "month", "state"),
        Index("ix_objection_state", "state", "raised_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    assignment_id: Mapped[str] = mapped_column(Id, ForeignKey("assignment.id"))
    person_id: Mapped[str] = mapped_column(Id)
    about: Mapped[int] = mapped_column(Integer)
    month: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    words: Mapped[str] = mapped_column(String(WORDS_MOST))
    state: Mapped[str] = mapped_column(String(10), server_default=WAITS)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answer: Mapped[str] = mapped_column(String(WORDS_MOST), server_default="")
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    assignment: Mapped[Assignment] = relationship(lazy="raise", viewonly=True)


class Absence(Base):
    """Whether somebody who did not come had a reason. It counts while the assignment is ``absent``."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_month", "month"),)

    assignment_id: Mapped[str] = mapped_column(Id, ForeignKey("assignment.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    quarter: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    excused: Mapped[bool] = mapped_column(Boolean, server_default=false())
    reason: Mapped[str] = mapped_column(String(WORDS_MOST), server_default="")
    noted_by: Mapped[str] = mapped_column(Id)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime())
