"""A programme: a named series of sessions around a commemorative day or a major event."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.database import Id, Json


class Programme(Base):
    """A theme that groups sessions."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("state IN ('active', 'archived')", name="state"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    summary: Mapped[dict[str, Any]] = mapped_column(Json)
    theme_day: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="active")
