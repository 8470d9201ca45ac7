"""A ticket: what happens to one device, from booking to outcome and hand-back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from services.booking.models.category import BY_ID
from shared.database import Id, UtcDateTime

OPEN = ("waiting", "started")
MAINS, BATTERY = "mains", "battery"
_OPEN_REWORK_SQL = text("state IN ('waiting', 'started') AND rework_of IS NOT NULL")
_STARTED_SQL = text("state = 'started' AND bench IS NOT NULL")


class Ticket(Base):
    """State: waiting | started | closed | cancelled; `status` is the Open Repair Data outcome.

    A closed ticket has a status, nothing else has one; a barrier stands only beside *End of life*;
    one device at a time is on a bench. The database refuses anything else. A waiting ticket with
    `paused_at` waits for parts.

    `supply` (mains | battery) is what somebody saw on the device; without it its category speaks.
    `safety` (passed | failed) is the safety test that counts now: work after it takes it away.
    `handed_back` (no_test | tested | disabled) comes after the outcome: a mains device goes back only
    passed, or failed and disabled. `work_version` counts edits of findings, actions and note.
    `rework_of` is the ticket of the same device, repaired a short while ago; it has one open rework.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'started', 'closed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'closed') = (status IS NOT NULL)", name="status"),
        CheckConstraint("paused_at IS NULL OR state IN ('waiting', 'cancelled')", name="paused"),
        CheckConstraint("barrier IS NULL OR status = 'End of life'", name="barrier"),
        CheckConstraint("supply IN ('mains', 'battery')", name="supply"),
        CheckConstraint("safety IN ('passed', 'failed')", name="safety"),
        CheckConstraint(
            "handed_back IS NULL OR (state = 'closed' AND ("
            "(handed_back = 'no_test' AND COALESCE(supply, '') = 'battery')"
            " OR (handed_back = 'tested' AND COALESCE(safety, '') = 'passed')"
            " OR (handed_back = 'disabled' AND COALESCE(safety, '') = 'failed')))",
            name="handed_back",
        ),
        CheckConstraint("(handed_back IS NULL) = (handed_back_at IS NULL)", name="handed_back_at"),
        Index("ix_ticket_session_id_state", "session_id", "state"),
        Index(
            "uq_ticket_bench",
            "session_id",
            "bench",
            unique=True,
            postgresql_where=_STARTED_SQL,
            sqlite_where=_STARTED_SQL,
        ),
        Index(
            "uq_ticket_open_rework",
            "rework_of",
            unique=True,
            postgresql_where=_OPEN_REWORK_SQL,
            sqlite_where=_OPEN_REWORK_SQL,
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
    rework_of: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    status: Mapped[str | None] = mapped_column(String(20))
    barrier: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(4000), default="", server_default="")
    bench: Mapped[int | None]
    volunteer_id: Mapped[str | None] = mapped_column(Id)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    supply: Mapped[str | None] = mapped_column(String(8))
    safety: Mapped[str | None] = mapped_column(String(8))
    handed_back: Mapped[str | None] = mapped_column(String(10))
    handed_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    work_version: Mapped[int] = mapped_column(default=1, server_default="1")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def power(self) -> str | None:
        """Return mains | battery; None where nobody has said and the category does not tell."""
        return self.supply or BY_ID[self.category_id].power

    @property
    def care(self) -> str | None:
        """Return what stands between an outcome and the way home; None while it is worked on.

        ask (mains or not?) | test | failed | ready | handed_back.
        """
        if self.state != "closed":
            return None
        if self.handed_back:
            return "handed_back"
        if self.safety:
            return "ready" if self.safety == "passed" else "failed"
        return {None: "ask", MAINS: "test", BATTERY: "ready"}[self.power]
