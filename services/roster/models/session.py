"""The roster's small copy of a session, fed by the catalog's events."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Integer, String, false, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Update

from services.roster.models.base import Base
from shared.database import Id, Json, UtcDateTime

PUBLISHED = "published"
CANCELLED = "cancelled"
GRACE = timedelta(minutes=60)  # volunteers set up before, and tidy up after


class SessionCopy(Base):
    """One dated run of an offering; ``staffing_version`` counts what the roster announced of it."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    staffing_version: Mapped[int] = mapped_column(Integer, server_default="0")
    offering_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, Any]] = mapped_column(Json())
    venue_name: Mapped[dict[str, Any]] = mapped_column(Json())
    venue_place: Mapped[dict[str, Any]] = mapped_column(Json())
    zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(20))
    trial: Mapped[bool] = mapped_column(Boolean, server_default=false())

    @classmethod
    def enter(cls, session_id: str) -> Update:
        """Lock the session's row and count its staffing up, as every change of staffing does.

        Order of locks: person, session, shift, assignment.
        """
        return (
            update(cls)
            .where(cls.id == session_id)
            .values(staffing_version=cls.staffing_version + 1)
            .execution_options(synchronize_session=False)
        )

    def allows(self, occurred_at: datetime) -> bool:
        """Tell whether a check-in or check-out may lie at ``occurred_at`` (device time)."""
        return self.starts_at - GRACE <= occurred_at <= self.ends_at + GRACE
