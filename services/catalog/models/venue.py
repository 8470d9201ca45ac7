"""A venue: a place with benches or seats."""

from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base
from shared.database import Id, Json


class Venue(Base):
    """A place; its zone is the one its sessions are shown and repeated in."""

    __tablename__ = "venue"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'archived')", name="state"),
        CheckConstraint("stations >= 0 AND seats >= 0", name="room"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    place: Mapped[dict[str, Any]] = mapped_column(Json)
    stations: Mapped[int]
    seats: Mapped[int]
    zone: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="active")
