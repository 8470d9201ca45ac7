"""A visit: the one live place of a person in the line, with the tickets of their devices."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

LIVE = ("waiting", "called", "serving", "absent")
PAUSED = "paused"
TOLD = ("told_low", "told_high", "level_low", "level_high")
AT_BENCH = ("called", "serving")
GRACE = timedelta(minutes=10)
WALK_IN_STEP = timedelta(minutes=15)
_LIVE_SQL = text("state IN ('waiting', 'called', 'serving', 'absent') AND person_id IS NOT NULL")
_AT_BENCH_SQL = text("state IN ('called', 'serving')")


class Visit(Base):
    """State: waiting | called | serving | closed | absent | left | paused.

    `turn_at` is the place in the line (see `turn`). The database keeps one live visit per person
    and one visit per bench. `arrived_at` is the device's time, `recorded_at` the suite's.
    `paused` waits at home for parts and is in no line. `rework` and `resumed` have no walk-in step.
    `late_minutes` were announced by the person before they came, `away_minutes` while absent.
    `snoozed_until`: others go first until then; `snoozed_from` is the turn before that.
    `name` is what was typed at the desk for somebody without an account; it can be erased.
    `told_low` and `told_high` are the range told at arrival, `waited` the wait until the first call
    (minutes), `level_low` and `level_high` the parts of the plays that the range was cut at. `access_key` opens the ticket page for whoever holds the link.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'closed', 'absent', 'left', 'paused')",
            name="state",
        ),
        CheckConstraint("(snoozed_until IS NULL) = (snoozed_from IS NULL)", name="snoozed"),
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
    level_low: Mapped[float | None]
    level_high: Mapped[float | None]
    rework: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    resumed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    late_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    away_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    snoozes: Mapped[int] = mapped_column(default=0, server_default="0")
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    switches: Mapped[int] = mapped_column(default=0, server_default="0")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)

    @property
    def arrival(self) -> str | None:
        """How a booked person came: early | on_time | late; None for a walk-in."""
        if self.slot_starts_at is None:
            return None
        if self.arrived_at > self.slot_starts_at + GRACE + timedelta(minutes=self.late_minutes):
            return "late"
        return "early" if self.arrived_at < self.slot_starts_at - GRACE else "on_time"

    def sleeps(self, at: datetime) -> bool:
        """Whether others go first at this moment, as the person asked."""
        return self.snoozed_until is not None and self.snoozed_until > at

    @property
    def prior(self) -> bool:
        """Whether the turn is the arrival itself: a rework, or back when the parts are there."""
        return self.rework or self.resumed


def turn(
    arrived_at: datetime,
    slot_starts_at: datetime | None,
    opens_at: datetime,
    *,
    late: timedelta = timedelta(0),
    prior: bool = False,
) -> datetime:
    """Return the moment that orders the line (docs/decisions/0007-one-line.md).

    Booked and in time (up to ten minutes after the slot began, `late` more if they said so): the
    slot's start. Booked and later: the arrival. `prior` (a rework, or back with parts): the arrival,
    at the earliest when the doors open. Others without a booking: a quarter of an hour after that.
    The moment never gets earlier for anybody else's sake, so only a bounded number can go first.
    """
    if slot_starts_at is not None and not prior:
        return slot_starts_at if arrived_at <= slot_starts_at + GRACE + late else arrived_at
    came = max(arrived_at, opens_at)
    return came if prior else came + WALK_IN_STEP


def turn_back(turn_at: datetime, keeps_until: datetime, at: datetime) -> datetime:
    """Return the turn of somebody who comes back: the old one while it is kept, else now."""
    return turn_at if at <= keeps_until else max(turn_at, at)


def turn_later(turn_at: datetime, at: datetime, by: timedelta) -> datetime:
    """Return the turn of somebody who asks for a few minutes: `by` from now, or later as it was."""
    return max(turn_at, at + by)
