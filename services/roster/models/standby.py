"""The standby list of a full shift: who would take a place that becomes free, the earliest first."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime


class Standby(Base):
    """One volunteer who waits for a place of one shift; the row goes when they are offered one."""

    __tablename__ = "standby"
    __table_args__ = (Index("ix_standby_person", "person_id"),)

    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime())
