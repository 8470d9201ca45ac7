"""A helper: booking's small copy of who has a shift in a session, and may therefore see its line."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id

HELPING = ("accepted", "attended")


class Helper(Base):
    """What roster last announced of one assignment; `id` is the assignment's."""

    __tablename__ = "helper"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    session_id: Mapped[str] = mapped_column(Id, index=True)
    person_id: Mapped[str] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(20))
