"""Notify's copy of a device that stays: whether its owner still has to fetch it."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.models.base import Base
from shared.database import Id, UtcDateTime

READY = "ready"


class CustodyCopy(Base):
    """What booking last announced of one device in custody."""

    __tablename__ = "custody"
    __table_args__ = (Index("ix_custody_person_id", "person_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    session_id: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(20))
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
