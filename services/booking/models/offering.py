"""Booking's small copy of a catalog offering: the skill that decides whose acceptance opens slots."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json


class Offering(Base):
    """What catalog last announced of one offering."""

    __tablename__ = "offering"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    skill: Mapped[str | None] = mapped_column(String(80))
    categories: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    stand_in_minutes: Mapped[int | None]
