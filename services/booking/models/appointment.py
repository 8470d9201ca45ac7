"""An appointment: a person's place in a slot, with one ticket per device."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

LIVE = ("booked", "arrived")
EXPECTED = ("booked", "no_show")  # whoever still comes is taken in
_LIVE_SQL = text("state IN ('booked', 'arrived')")


class Appointment(Base):
    """State: booked | arrived | served | no_show | cancelled.

    One live appointment per person and session (partial unique index). A person's live
    appointments do not overlap (exclusion constraint on PostgreSQL, triggers on SQLite, written in
    the migration), except where the session moved them: then `moved_along` is set.
    `displaced_at` says that a volunteer fell away and the place of `displaced_from` with them;
    `accepted_at` that the person took the new one.
    The cut-offs are those that held when it was booked: a promise, which a stricter policy does not
    take back. `week_key` and `term_key` say in which counters it counts; `waiver_version` what was
    agreed to with it.
    `late_minutes` is how much later the person said they come.
    `starts_at` and `ends_at` repeat the slot's, for that constraint.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("devices >= 1", name="devices"),
        CheckConstraint("starts_at < ends_at", name="range"),
        CheckConstraint(
            "state IN ('booked', 'arrived', 'served', 'no_show', 'cancelled')", name="state"
        ),
        Index(
            "uq_appointment_live_person_session",
            "person_id",
            "session_id",
            unique=True,
            postgresql_where=_LIVE_SQL,
            sqlite_where=_LIVE_SQL,
        ),
        Index("ix_appointment_person_id_starts_at", "person_id", "starts_at"),
        Index("ix_appointment_session_id_starts_at", "session_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    slot_id: Mapped[str] = mapped_column(Id, ForeignKey("slot.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    devices: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="booked")
    number: Mapped[str | None] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(10), default="self")
    reason: Mapped[str | None] = mapped_column(String(40))
    moved_along: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    displaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    displaced_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_cutoff_minutes: Mapped[int | None]
    move_cutoff_minutes: Mapped[int | None]
    week_key: Mapped[str | None] = mapped_column(String(90))
    term_key: Mapped[str | None] = mapped_column(String(90))
    waiver_version: Mapped[int | None]
    late_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_live(self) -> bool:
        """Whether the person is still expected or here."""
        return self.state in LIVE

    def until(self, act: str, now_minutes: int) -> datetime:
        """Return the last moment to `cancel` or `move`, the milder of what was promised and what is."""
        promised = self.cancel_cutoff_minutes if act == "cancel" else self.move_cutoff_minutes
        minutes = now_minutes if promised is None else min(promised, now_minutes)
        return self.starts_at - timedelta(minutes=minutes)

    def keeps_turn_until(self, grace: timedelta) -> datetime:
        """Until when somebody who comes has the turn of their slot."""
        return self.starts_at + grace + timedelta(minutes=self.late_minutes)

    @property
    def may_leave_freely(self) -> bool:
        """Whether the session, not the person, chose this time: no cut-off binds them."""
        return self.moved_along or (self.displaced_at is not None and self.accepted_at is None)
