"""Skills: booking's small copy of what roster has granted to whom; it says who may test for safety."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json


class VolunteerSkills(Base):
    """All skills of one volunteer, as roster last announced them."""

    __tablename__ = "volunteer_skills"

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    skills: Mapped[list[Any]] = mapped_column(Json)
