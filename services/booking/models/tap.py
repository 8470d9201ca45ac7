"""An act of the desk, kept for as long as it can be taken back: how everything stood before it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json, UtcDateTime

UNDO_FOR = timedelta(minutes=2)
KEEP_ACTS = timedelta(days=1)


class Tap(Base):
    """One tap at a desk; `actor_id` is whose desk it was.

    `before` holds the rows as they stood ({"visit": …, "tickets": {id: …}, "appointment": …}; ids,
    states and times, no words), `after` their versions once it was done: while they still have them
    nothing else stands on the act. `number` and `bench` say it to people.
    """

    __tablename__ = "tap"
    __table_args__ = (Index("ix_tap_session_id_actor_id_at", "session_id", "actor_id", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id)
    actor_id: Mapped[str] = mapped_column(Id)
    act: Mapped[str] = mapped_column(String(20))
    visit_id: Mapped[str] = mapped_column(Id, ForeignKey("visit.id"), index=True)
    ticket_id: Mapped[str | None] = mapped_column(Id)
    number: Mapped[str] = mapped_column(String(12))
    bench: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
