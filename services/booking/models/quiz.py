"""A quiz as catalog wrote it, somebody's attempts at it, and which trainings are completed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

ON = "on"
OPEN, PASSED, FAILED = "open", "passed", "failed"
COMPLETED, WITHDRAWN = "completed", "withdrawn"
_OPEN = text("state = 'open'")


class Quiz(Base):
    """What catalog last announced of the quiz of one offering, with what is right."""

    __tablename__ = "quiz"

    offering_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    drawn: Mapped[int]
    pass_percent: Mapped[int]
    attempts: Mapped[int]
    wait_hours: Mapped[int]
    state: Mapped[str] = mapped_column(String(3))


class QuizAttempt(Base):
    """State: open | passed | failed. One open per person and quiz; attempts are numbered one after the other.

    `questions` are those drawn by `seed` out of the quiz's `quiz_version`, with choices in the order
    they were shown in and what is right: an edit of the quiz does not reach an attempt. `answers`: key of
    a question → the positions chosen. Attempts are forgotten half a year after they began.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'passed', 'failed')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("correct >= 0 AND correct <= asked", name="correct"),
        UniqueConstraint("person_id", "offering_id", "number"),
        Index(
            "uq_quiz_attempt_open_person_offering",
            "person_id",
            "offering_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_quiz_attempt_enrolment_id", "enrolment_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    offering_id: Mapped[str] = mapped_column(Id)
    enrolment_id: Mapped[str] = mapped_column(Id, ForeignKey("enrolment.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    quiz_version: Mapped[int]
    seed: Mapped[str] = mapped_column(String(36))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    pass_percent: Mapped[int]
    asked: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    correct: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Completion(Base):
    """That a training was completed (or that this was taken back), as it was announced last."""

    __tablename__ = "training_completion"
    __table_args__ = (CheckConstraint("state IN ('completed', 'withdrawn')", name="state"),)

    id: Mapped[str] = mapped_column(Id, ForeignKey("enrolment.id"), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
