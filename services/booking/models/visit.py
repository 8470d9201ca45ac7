"""A visit: the one live place of a person in the line, with the tickets of their devices."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

LIVE = ("waiting", "called", "serving", "absent")
AT_BENCH = ("called", "serving")
GRACE = timedelta(minutes=10)
WALK_IN_STEP = timedelta(minutes=15)
KEEPS_TURN = timedelta(minutes=20)
_LIVE_SQL = text("state IN ('waiting', 'called', 'serving', 'absent') AND person_id IS NOT NULL")
_AT_BENCH_SQL = text("state IN ('called', 'serving')")


class Visit(Base):
    """State: waiting | called | serving | closed | absent | left.

    `turn_at` is the place in the line (see `turn`). The database keeps one live visit per person
    and one visit per bench. `arrived_at` is the device's time, `recorded_at` the suite's.
    `name` is what was typed at the desk for somebody without an account; it can be erased.
    `told_low` and `told_high` are the range told at arrival, `waited` the wait until the first call
    (minutes). `access_key` opens the ticket page for whoever holds the link.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'closed', 'absent', 'left')", name="state"
        ),
        UniqueConstraint("session_id", "number"),
        Index(
            "uq_visit_live_person",
            "person_id",
            unique=True,
            postgresql_where=_LIVE_SQL,
            sqlite_where=_LIVE_SQL,
        ),
        Index(
            "uq_visit_bench",
            "session_id",
            "bench",
            unique=True,
            postgresql_where=_AT_BENCH_SQL,
            sqlite_where=_AT_BENCH_SQL,
        ),
        Index("ix_visit_session_id_state_turn_at", "session_id", "state", "turn_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    appointment_id: Mapped[str | None] = mapped_column(Id, ForeignKey("appointment.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(Id, index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    access_key: Mapped[str] = mapped_column(String(43))
    number: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    bench: Mapped[int | None]
    calls: Mapped[int] = mapped_column(default=0)
    slot_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    turn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    absent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_low: Mapped[int | None]
    told_high: Mapped[int | None]
    waited: Mapped[float | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def arrival(self) -> str | None:
        """How a booked person came: early | on_time | late; None for a walk-in."""
        if self.slot_starts_at is None:
            return None
        if self.arrived_at > self.slot_starts_at + GRACE:
            return "late"
        return "early" if self.arrived_at < self.slot_starts_at - GRACE else "on_time"


def turn(arrived_at: datetime, slot_starts_at: datetime | None, opens_at: datetime) -> datetime:
    """Return the moment that orders the line (docs/decisions/one-line.md).

    Booked and in time (up to ten minutes after the slot began): the slot's start. Booked and late:
    the arrival. Without a booking: a quarter of an hour after the arrival, or after the doors open.
    The moment never changes while one waits, so only a bounded number of people can go first.
    """
    if slot_starts_at is None:
        return max(arrived_at, opens_at) + WALK_IN_STEP
    return slot_starts_at if arrived_at <= slot_starts_at + GRACE else arrived_at


def turn_back(turn_at: datetime, absent_at: datetime, at: datetime) -> datetime:
    """Return the turn of somebody who comes back: the old one within twenty minutes, else now."""
    return turn_at if at - absent_at <= KEEPS_TURN else max(turn_at, at)
