"""A ticket: what happens to one device, from booking to outcome."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

OPEN = ("waiting", "started")
_STARTED_SQL = text("state = 'started' AND bench IS NOT NULL")


class Ticket(Base):
    """State: waiting | started | closed | cancelled; `status` is the Open Repair Data outcome.

    A closed ticket has a status, nothing else has one; a barrier stands only beside *End of life*;
    one device at a time is on a bench. The database refuses anything else.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'started', 'closed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'closed') = (status IS NOT NULL)", name="status"),
        CheckConstraint("barrier IS NULL OR status = 'End of life'", name="barrier"),
        Index("ix_ticket_session_id_state", "session_id", "state"),
        Index(
            "uq_ticket_bench",
            "session_id",
            "bench",
            unique=True,
            postgresql_where=_STARTED_SQL,
            sqlite_where=_STARTED_SQL,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    appointment_id: Mapped[str | None] = mapped_column(Id, ForeignKey("appointment.id"), index=True)
    visit_id: Mapped[str | None] = mapped_column(Id, ForeignKey("visit.id"), index=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str | None] = mapped_column(Id, index=True)
    category_id: Mapped[int]
    brand: Mapped[str] = mapped_column(String(120), default="")
    problem: Mapped[str] = mapped_column(String(4000), default="")
    photo_id: Mapped[str | None] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    status: Mapped[str | None] = mapped_column(String(20))
    barrier: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(4000), default="", server_default="")
    bench: Mapped[int | None]
    volunteer_id: Mapped[str | None] = mapped_column(Id)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
