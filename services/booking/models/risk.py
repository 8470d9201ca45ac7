"""What is at risk: slots with more devices than volunteers can serve, and the shifts that fell away."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json

STAND_IN = 120
NOTICE = timedelta(minutes=60)


def stand_in_until(since: datetime, starts_at: datetime, minutes: int) -> datetime:
    """Return until when stand-ins are looked for before anybody is displaced.

    `minutes` as the coordinator set them, but never more than half of what is left until an hour
    before the start: who has to go elsewhere needs the rest. Nearer than that it is at once.
    """
    left = (starts_at - NOTICE - since) / 2
    return since + max(timedelta(0), min(timedelta(minutes=minutes), left))


class Risk(Base):
    """A slot that holds more devices than its volunteers can serve; one row while that lasts.

    `kept` counts the devices above that a coordinator keeps by hand: they are not displaced.
    """

    __tablename__ = "risk"
    __table_args__ = (
        CheckConstraint("kept >= 0", name="kept"),
        Index("ix_risk_session_id", "session_id"),
        Index("ix_risk_until", "until"),
    )

    slot_id: Mapped[str] = mapped_column(Id, ForeignKey("slot.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(Id)
    since: Mapped[datetime]
    until: Mapped[datetime]
    kept: Mapped[int] = mapped_column(default=0, server_default="0")


class DroppedShift(Base):
    """A volunteer's shift that fell away: why places are at risk. Ids and times only."""

    __tablename__ = "dropped_shift"

    assignment_id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    role: Mapped[dict[str, str] | None] = mapped_column(Json)
    skill: Mapped[str | None] = mapped_column(String(80))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime]
