"""A skill: a code that shifts ask for and volunteers are granted, with a title in both languages."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Json


class Skill(Base):
    """What a volunteer can do; its ``code`` is used in sessions' staffing and never changes."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[dict[str, Any]] = mapped_column(Json())
