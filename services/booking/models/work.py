"""What was found, done and used on a device: codes of the list, and parts with a note of their cost."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

FROM_CENTRE, FROM_OWNER, REUSED = "centre", "owner", "reused"
SOURCES = (FROM_CENTRE, FROM_OWNER, REUSED)


class TicketCode(Base):
    """One finding or action (`repair_codes.py`) on one ticket, and who said so."""

    __tablename__ = "ticket_code"
    __table_args__ = (CheckConstraint("kind IN ('found', 'done')", name="kind"),)

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    by: Mapped[str] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartUsed(Base):
    """A part that went into a device. The repair is free: `cost_cents` is what the centre spent.

    It is a note for the centre's own books, in fen, never a price: only a part `from` the centre can
    have one. The database keeps that.
    """

    __tablename__ = "part_used"
    __table_args__ = (
        CheckConstraint("source IN ('centre', 'owner', 'reused')", name="source"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"),
        CheckConstraint(
            "cost_cents IS NULL OR (source = 'centre' AND cost_cents BETWEEN 0 AND 10000000)",
            name="cost",
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(String(8))
    cost_cents: Mapped[int | None]
    by: Mapped[str] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
