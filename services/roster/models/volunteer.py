"""A volunteer: the roster's copy of a person (id and role, no name) and the skills granted to them.

A row is kept for every person, volunteer or not, so that events which come out of order are told
apart by their version, and an erased person does not come back.
"""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, false, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Update

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

ACTIVE = "active"
ERASED = "erased"
ROLE = "volunteer"


class Volunteer(Base):
    """A person as the roster knows them; ``active`` means: has the role and may take shifts."""

    __tablename__ = "volunteer"
    __table_args__ = (CheckConstraint("state IN ('active', 'erased')", name="state"),)

    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, server_default=false())
    state: Mapped[str] = mapped_column(String(10), server_default=ACTIVE)
    acts: Mapped[int] = mapped_column(Integer, server_default="0")

    @classmethod
    def enter(cls, person_id: str) -> Update:
        """Lock the person, if they may take shifts: the first lock of every acceptance.

        One person's acts on the roster queue up here, so that two phones cannot block each other
        at the overlap constraint.
        """
        return (
            update(cls)
            .where(cls.person_id == person_id, cls.active)
            .values(acts=cls.acts + 1)
            .execution_options(synchronize_session=False)
        )


class VolunteerSkill(Base):
    """A skill granted to a volunteer by a member of staff."""

    __tablename__ = "volunteer_skill"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), ForeignKey("skill.code"), primary_key=True)
    granted_by: Mapped[str] = mapped_column(Id)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime())
