"""A fair opening: one draw among everybody who asks in the first minute, and each one's entry."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json

FIRST_COME, DRAW = "first_come", "draw"
WINDOW = timedelta(seconds=60)


def place_in_line(seed: bytes, pseudonym: str) -> bytes:
    """Return what entries are ordered by: SHA-256 over the seed's bytes and the pseudonym's text."""
    return sha256(seed + pseudonym.encode()).digest()


class Draw(Base):
    """The draw of one session. `seed` (64 hex digits) stays secret until `drawn_at` is set."""

    __tablename__ = "draw"
    __table_args__ = (CheckConstraint("(state = 'drawn') = (drawn_at IS NOT NULL)", name="state"),)

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(64))
    seed_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Whether the draw has been made."""
        return self.state == "drawn"


class DrawEntry(Base):
    """One person's entry. State: in | withdrawn, after the draw seated | waitlisted | unplaced.

    `wishes` are slot ids in the order of liking, `devices` what comes along (emptied by the draw).
    `pseudonym` is random; who it belongs to stands nowhere but here.
    """

    __tablename__ = "draw_entry"
    __table_args__ = (
        CheckConstraint(
            "state IN ('in', 'withdrawn', 'seated', 'waitlisted', 'unplaced')", name="state"
        ),
        UniqueConstraint("session_id", "person_id"),
        UniqueConstraint("pseudonym"),
        Index("ix_draw_entry_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("draw.session_id"))
    person_id: Mapped[str | None] = mapped_column(Id)
    pseudonym: Mapped[str] = mapped_column(String(32))
    wishes: Mapped[list[Any]] = mapped_column(Json)
    devices: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="in")
    position: Mapped[int | None]
    appointment_id: Mapped[str | None] = mapped_column(Id)
    slot_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
