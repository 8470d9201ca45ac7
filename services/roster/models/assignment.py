"""An assignment: a volunteer on a shift, its states, and the rules about time and overlap.

The database refuses a second live assignment on the same shift (partial unique index) and two
overlapping ones of one volunteer (exclusion constraint on PostgreSQL, triggers on SQLite; both are
written in the first migration under the name ``assignment_overlap``).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    false,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models.base import Base
from services.roster.models.session import SessionCopy
from services.roster.models.shift import DROP_CUTOFF, LATE, Shift
from shared.database import Id, UtcDateTime

ACCEPTED = "accepted"
ATTENDED = "attended"
ABSENT = "absent"
DROPPED = "dropped"
RELEASED = "released"
MOVING = "moving"  # only within the transaction that moves shifts; never committed
LIVE = (ACCEPTED, ATTENDED)

BY_SELF = "self"
BY_STAFF = "staff"
BY_SESSION = "session"

ONE_LIVE = "ix_assignment_one_live"
NO_OVERLAP = "assignment_overlap"


class Assignment(Base):
    """One volunteer on one shift. Its range is the shift's, kept here for the overlap rule.

    ``stand_in_since``: they look for somebody to take their place, and come unless one does;
    with ``swap_shift_id`` it has to be somebody of that shift, whose place they take in return.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="range"),
        CheckConstraint(
            "state IN ('accepted', 'attended', 'absent', 'dropped', 'released', 'moving')",
            name="state",
        ),
        CheckConstraint("changed_by IN ('self', 'staff', 'session')", name="changed_by"),
        CheckConstraint(
            "checked_out_at IS NULL OR checked_in_at <= checked_out_at", name="served_range"
        ),
        Index(
            ONE_LIVE,
            "shift_id",
            "person_id",
            unique=True,
            postgresql_where=text("state IN ('accepted', 'attended')"),
            sqlite_where=text("state IN ('accepted', 'attended')"),
        ),
        Index("ix_assignment_person", "person_id", "ends_at"),
        Index("ix_assignment_session", "session_id"),
        Index("ix_assignment_dropped_at", "dropped_at"),
        Index(
            "ix_assignment_forgotten",
            "ends_at",
            postgresql_where=text("state = 'attended' AND checked_out_at IS NULL"),
            sqlite_where=text("state = 'attended' AND checked_out_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(20), server_default=ACCEPTED)
    changed_by: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    check_in_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    check_out_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_by_rule: Mapped[bool] = mapped_column(Boolean, server_default=false())
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    stand_in_since: Mapped[datetime | None] = mapped_column(UtcDateTime())
    swap_shift_id: Mapped[str | None] = mapped_column(Id)

    shift: Mapped[Shift] = relationship(lazy="raise", viewonly=True)
    session: Mapped[SessionCopy] = relationship(lazy="raise", viewonly=True)

    @property
    def drop_until(self) -> datetime:
        """Return the last instant at which the volunteer may drop by themselves."""
        return self.starts_at - DROP_CUTOFF

    def can_drop(self, at: datetime) -> bool:
        """Tell whether the volunteer may drop by themselves at ``at``."""
        return self.state == ACCEPTED and at <= self.drop_until

    @property
    def late_drop_from(self) -> datetime:
        """Return the instant from which dropping is told to the coordinators as late."""
        return self.starts_at - LATE

    @property
    def dropped_late(self) -> bool:
        """Tell whether the volunteer dropped it so late that it is hard to fill again."""
        by_self = self.state == DROPPED and self.changed_by == BY_SELF
        return by_self and self.dropped_at is not None and self.dropped_at > self.late_drop_from

    @classmethod
    def in_state(cls, *states: str) -> ColumnElement[bool]:
        """Return the guard of every change of state: the state it starts from."""
        return cls.state.in_(states)

    @classmethod
    def change(cls, assignment_id: str, *states: str, **values: Any) -> Update:
        """Change an assignment that is in one of ``states``; count its version up."""
        return (
            update(cls)
            .where(cls.id == assignment_id, cls.in_state(*states))
            .values(version=cls.version + 1, **values)
            .execution_options(synchronize_session=False)
        )
