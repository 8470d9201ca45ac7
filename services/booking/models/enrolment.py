"""An enrolment: a person's seat, or waitlist place, in a training or service session."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

SEATED = ("enrolled", "attended", "absent")
_NOT_LEFT = text("state <> 'left'")


class Enrolment(Base):
    """State: enrolled | waitlisted | left | attended | absent.

    `rank` orders the waitlist of a session (smaller is earlier) and is null outside it.
    One enrolment per person and session that has not left (partial unique index).
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(
            "state IN ('enrolled', 'waitlisted', 'left', 'attended', 'absent')", name="state"
        ),
        CheckConstraint("(state = 'waitlisted') = (rank IS NOT NULL)", name="rank"),
        Index(
            "uq_enrolment_live_person_session",
            "person_id",
            "session_id",
            unique=True,
            postgresql_where=_NOT_LEFT,
            sqlite_where=_NOT_LEFT,
        ),
        Index("ix_enrolment_session_id_rank", "session_id", "rank"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int | None]
    by: Mapped[str] = mapped_column(String(10), default="self")
    reason: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
