"""Custody: a device that stays here, with its tag, its shelf, and how it left again."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

HELD = ("stored", "ready")
ACCESSORIES = (
    "adapter", "cable", "base", "lid", "battery", "remote", "attachment", "bag", "box",
)  # fmt: skip
FATES = ("recycled", "donated", "parts")
PROOFS = ("code", "id_card")
REWORK_DAYS, DISPOSAL_DAYS = 28, 60
OVERDUE = timedelta(days=14)  # the last reminder
UNDO = timedelta(hours=1)
_HELD_SQL = text("state IN ('stored', 'ready')")


class Custody(Base):
    """State: stored (not to be fetched yet) | ready | collected | disposed.

    A device is in custody at most once at a time; `tag` is on the device and never used again.
    `accessories` are codes out of ACCESSORIES. `proof` says how the owner was known; `fate` what
    became of a device that nobody fetched, decided by `ended_by`. `keep_until` puts that decision
    off. The pick-up code is derived from the id and a key, and stored nowhere.
    """

    __tablename__ = "custody"
    __table_args__ = (
        CheckConstraint("state IN ('stored', 'ready', 'collected', 'disposed')", name="state"),
        CheckConstraint("state <> 'ready' OR ready_at IS NOT NULL", name="ready"),
        CheckConstraint(
            "(state IN ('collected', 'disposed')) = (ended_at IS NOT NULL AND ended_by IS NOT NULL)",
            name="ended",
        ),
        CheckConstraint("(state = 'disposed') = (fate IS NOT NULL)", name="fate"),
        CheckConstraint("(state = 'collected') = (proof IS NOT NULL)", name="proof"),
        UniqueConstraint("tag"),
        Index(
            "uq_custody_held_ticket",
            "ticket_id",
            unique=True,
            postgresql_where=_HELD_SQL,
            sqlite_where=_HELD_SQL,
        ),
        Index("ix_custody_ticket_id", "ticket_id"),
        Index("ix_custody_state_ready_at", "state", "ready_at"),
        Index("ix_custody_stored_at", "stored_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"))
    tag: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20))
    accessories: Mapped[list[str]] = mapped_column(Json)
    accessories_note: Mapped[str] = mapped_column(String(400), default="")
    condition: Mapped[str] = mapped_column(String(1000), default="")
    shelf: Mapped[str] = mapped_column(String(40))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by: Mapped[str] = mapped_column(Id)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    keep_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(Id)
    proof: Mapped[str | None] = mapped_column(String(20))
    fate: Mapped[str | None] = mapped_column(String(20))
    fate_note: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_held(self) -> bool:
        """Whether the device is still here."""
        return self.state in HELD

    def decide_from(self, disposal_days: int) -> datetime | None:
        """Return from when a person may decide what becomes of it; None while it is not ready."""
        if self.ready_at is None:
            return None
        usual = self.ready_at + timedelta(days=disposal_days)
        return max(usual, self.keep_until) if self.keep_until else usual


class TagCounter(Base):
    """The next tag number; one row."""

    __tablename__ = "tag_counter"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    next: Mapped[int]


class CustodyPolicy(Base):
    """One row, once a coordinator has changed what holds: days for a rework, days until a decision."""

    __tablename__ = "custody_policy"
    __table_args__ = (
        CheckConstraint("rework_days BETWEEN 0 AND 365", name="rework_days"),
        CheckConstraint("disposal_days BETWEEN 14 AND 730", name="disposal_days"),
    )

    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    rework_days: Mapped[int]
    disposal_days: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(default=1)
