"""A volunteer: the roster's copy of a person (id and role, no name) and the skills granted to them.

A row is kept for every person, volunteer or not, so that events which come out of order are told
apart by their version, and an erased person does not come back.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    false,
    or_,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

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
    """A skill that a volunteer has been granted: its level, who confirmed it when, until when it holds.

    ``lapsed`` is set when its end has been announced; from ``expires_at`` on it counts for nothing.
    """

    __tablename__ = "volunteer_skill"
    __table_args__ = (
        CheckConstraint("level >= 1 AND level <= 3", name="level"),
        CheckConstraint("expires_at > granted_at", name="expiry"),
        Index(
            "ix_volunteer_skill_expiry",
            "expires_at",
            postgresql_where=text("NOT lapsed"),
            sqlite_where=text("NOT lapsed"),
        ),
    )

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), ForeignKey("skill.code"), primary_key=True)
    granted_by: Mapped[str] = mapped_column(Id)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    level: Mapped[int] = mapped_column(Integer, server_default="2")
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lapsed: Mapped[bool] = mapped_column(Boolean, server_default=false())

    def holds(self, at: datetime) -> bool:
        """Tell whether it still counts at ``at``."""
        return self.expires_at is None or at < self.expires_at

    @classmethod
    def holding(cls, at: datetime) -> ColumnElement[bool]:
        """Return the condition under which a grant counts at ``at``."""
        return or_(cls.expires_at.is_(None), cls.expires_at > at)
