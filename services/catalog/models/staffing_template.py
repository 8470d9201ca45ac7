"""A staffing template: the shifts that a kind of session usually has, under a name, ready to be laid over one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from services.catalog.models.need import Need
from shared.database import Id, Json


class StaffingTemplate(Base):
    """`entries` hold role, skill, level, needed, at_most, and minutes after the session's start.

    `until_minutes` None means until the session ends.
    """

    __tablename__ = "staffing_template"
    __table_args__ = (CheckConstraint("state IN ('active', 'archived')", name="state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    entries: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="active")


def need_of(
    entry: Mapping[str, Any], starts_at: datetime, ends_at: datetime, position: int
) -> Need:
    """Return what a template's entry means in a session; its end is never after the session's."""
    until = entry.get("until_minutes")
    end = ends_at if until is None else min(starts_at + timedelta(minutes=until), ends_at)
    return Need(
        role=entry["role"],
        skill=entry.get("skill"),
        needed=entry["needed"],
        at_most=entry.get("at_most") or entry["needed"],
        starts_at=starts_at + timedelta(minutes=entry.get("from_minutes") or 0),
        ends_at=end,
        position=position,
        level=entry.get("level") or 1,
    )
