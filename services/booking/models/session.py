"""Booking's copy of a catalog session and of its staffing, with the counters booking keeps on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime


class ServiceSession(Base):
    """One dated run of an offering, as catalog last announced it.

    The offering's policy is laid over it (`models/rules.py`): opening, devices, cut-offs, categories
    and the limits here are what binds; `announced` keeps what catalog said of those.
    `enrolled` counts seats taken; it is sold against `seats` and bounded by `seat_ceiling`, which
    stays at what is taken when catalog lowers `seats` below it.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("enrolled >= 0 AND enrolled <= seat_ceiling", name="seats"),
        Index("ix_session_starts_at", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    series_id: Mapped[str | None] = mapped_column(Id)
    programme_id: Mapped[str | None] = mapped_column(Id)
    offering_id: Mapped[str] = mapped_column(Id, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    venue_id: Mapped[str] = mapped_column(Id)
    venue_name: Mapped[dict[str, str]] = mapped_column(Json)
    venue_place: Mapped[dict[str, str]] = mapped_column(Json)
    zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    slot_minutes: Mapped[int | None]
    benches: Mapped[int]
    seats: Mapped[int]
    booking_opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booking_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    categories: Mapped[list[Any]] = mapped_column(Json)
    minutes_per_device: Mapped[int]
    devices_per_bench: Mapped[int]
    max_devices: Mapped[int]
    cancel_cutoff_minutes: Mapped[int]
    staffing: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[dict[str, str] | None] = mapped_column(Json)
    trial: Mapped[bool] = mapped_column(default=False)
    opening: Mapped[str] = mapped_column(
        String(12), default="first_come", server_default="first_come"
    )

    opens_when_staffed: Mapped[bool] = mapped_column(default=False, server_default=false())
    staffed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced: Mapped[dict[str, Any] | None] = mapped_column(Json)
    move_cutoff_minutes: Mapped[int | None]
    notice_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    buffer_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    week_key: Mapped[str | None] = mapped_column(String(90))
    term_key: Mapped[str | None] = mapped_column(String(90))
    week_limit: Mapped[int | None]
    term_limit: Mapped[int | None]
    closed_for: Mapped[dict[str, str] | None] = mapped_column(Json)
    category_minutes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    waiver_version: Mapped[int | None]

    stand_in_minutes: Mapped[int | None]
    enrolled: Mapped[int] = mapped_column(default=0, server_default="0")
    seat_ceiling: Mapped[int] = mapped_column(default=0, server_default="0")
    next_waitlist_rank: Mapped[int] = mapped_column(default=1, server_default="1")
    next_rank: Mapped[int] = mapped_column(default=1, server_default="1")
    next_booked_number: Mapped[int] = mapped_column(default=1, server_default="1")
    next_walkin_number: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def is_repair(self) -> bool:
        """Whether people book slots here (and not seats)."""
        return self.kind == "repair"

    @property
    def held_back(self) -> bool:
        """Whether nothing is given out yet, because a shift lacks its minimum of volunteers."""
        return self.opens_when_staffed and self.staffed_at is None

    def booking_state(self, at: datetime, *, opened: bool) -> str:
        """Say which: not_yet | open | closed | waiting_for_volunteers | cancelled | over.

        `opened`: whether any place is open at all (a repair session without volunteers has none).
        """
        if self.state == "cancelled":
            return "cancelled"
        if at >= self.ends_at:
            return "over"
        if at < self.booking_opens_at:
            return "not_yet"
        if at >= self.booking_closes_at or self.closed_for:
            return "closed"
        return "open" if opened and not self.held_back else "waiting_for_volunteers"

    @property
    def cutoffs(self) -> dict[str, int]:
        """Return the minutes before the start until which one may cancel and move."""
        move = self.move_cutoff_minutes
        cancel = self.cancel_cutoff_minutes
        return {"cancel": cancel, "move": cancel if move is None else move}

    @property
    def periods(self) -> list[tuple[str, int | None]]:
        """Return the counters a booking here counts in, each with its limit, in order of locking."""
        both = ((self.term_key, self.term_limit), (self.week_key, self.week_limit))
        return sorted((key, most) for key, most in both if key)

    def accepts(self, category_id: int) -> bool:
        """Whether a device of this Open Repair Data category may be brought."""
        return not self.categories or category_id in self.categories


class Staffing(Base):
    """What roster last announced about who is accepted for one session, per interval and skill.

    `intervals` is [{starts_at, ends_at, skill, accepted, present, needed}], instants as RFC 3339.
    """

    __tablename__ = "staffing"

    session_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    intervals: Mapped[list[Any]] = mapped_column(Json)

    @property
    def is_full(self) -> bool:
        """Whether every shift has its minimum of volunteers at every moment."""
        return bool(self.intervals) and all(
            one["accepted"] >= one.get("needed", 0) for one in self.intervals
        )
