"""A slot: a piece of a repair session with a capacity in devices."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime


class Slot(Base):
    """All counts are devices.

    `physical_capacity` is what the benches hold: the CHECK bounds `taken` and `held` by it.
    `held` is kept for people on the waitlist who were offered a place and have not answered.
    `open_capacity` is what accepted volunteers can serve: every sale is one UPDATE against it. It
    may fall below `taken` when somebody drops out; what lies above is at risk, not undone.
    A slot that a changed session no longer has is `retired`: it keeps its history, nobody sees it.
    """

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint(
            "taken >= 0 AND held >= 0 AND taken + held <= physical_capacity", name="taken"
        ),
        CheckConstraint("open_capacity >= 0 AND open_capacity <= physical_capacity", name="open"),
        CheckConstraint("starts_at < ends_at", name="range"),
        UniqueConstraint("session_id", "position"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    position: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    physical_capacity: Mapped[int]
    open_capacity: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0, server_default="0")
    retired: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    @property
    def free(self) -> int:
        """Devices that can still be booked."""
        return max(0, self.open_capacity - self.taken - self.held)

    def state_at(self, moment: datetime, notice: int = 0) -> str:
        """Say which: free | full | waiting_for_volunteers | too_soon | past.

        `notice`: minutes before its start until which it can be booked.
        """
        if self.starts_at <= moment:
            return "past"
        if self.free:
            late = self.starts_at - timedelta(minutes=notice) <= moment
            return "too_soon" if late else "free"
        return "full" if self.open_capacity else "waiting_for_volunteers"
