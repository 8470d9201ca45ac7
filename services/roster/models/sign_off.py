"""How a skill is come by: a training attended and completed, and the practical sign-off by somebody senior."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

NOTE_MOST = 300


class TrainingDone(Base):
    """An enrolment in a training and whether it was attended, as booking announced it last."""

    __tablename__ = "training_done"
    __table_args__ = (Index("ix_training_done_person", "person_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    session_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    attended: Mapped[bool] = mapped_column(Boolean)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime())


class TrainingCompleted(Base):
    """Whether the training of an enrolment is completed: attended, and its quiz passed where there is one."""

    __tablename__ = "training_completed"
    __table_args__ = (Index("ix_training_completed_person", "person_id", "offering_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    session_id: Mapped[str] = mapped_column(Id)
    offering_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    completed: Mapped[bool] = mapped_column(Boolean)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SignOff(Base):
    """An act: somebody watched a volunteer at work and says which level they have, or not yet.

    Nobody signs off themselves. The act stays as it was; a skill remembers only the last one.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        CheckConstraint("level >= 1 AND level <= 3", name="level"),
        CheckConstraint("signed_by <> person_id", name="not_oneself"),
        Index("ix_sign_off_person", "person_id", "signed_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"))
    skill: Mapped[str] = mapped_column(String(40), ForeignKey("skill.code"))
    level: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(NOTE_MOST), server_default="")
    signed_by: Mapped[str] = mapped_column(Id)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime())
