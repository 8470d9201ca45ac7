"""Briefings: texts that volunteers read before they serve; a changed text is a new version."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Integer, String, true
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, Json, UtcDateTime


class Briefing(Base):
    """One version of a briefing; the newest one counts. Who takes shifts has read the needed ones."""

    __tablename__ = "briefing"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    needed: Mapped[bool] = mapped_column(Boolean, server_default=true())
    written_by: Mapped[str] = mapped_column(Id)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())


class BriefingRead(Base):
    """Who acknowledged which version, and when."""

    __tablename__ = "briefing_read"
    __table_args__ = (
        ForeignKeyConstraint(
            ["code", "version"], ["briefing.code", "briefing.version"], name="fk_briefing_read"
        ),
        ForeignKeyConstraint(["person_id"], ["volunteer.person_id"]),
    )

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime())
