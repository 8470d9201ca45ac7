"""A shift: a stretch of a session that needs volunteers, and the rule that bounds its places."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    case,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models.base import Base
from services.roster.models.session import SessionCopy
from shared.database import Id, Json, UtcDateTime, suite_now

OPEN = "open"
CANCELLED = "cancelled"
DROP_CUTOFF = timedelta(hours=2)
LATE = timedelta(hours=48)  # a shift dropped within this of its start is hard to fill again


class Shift(Base):
    """One staffing entry of a session, found again by (session, position).

    ``at_most`` is what the catalog asks for and decides who is let in. ``places`` is what the
    database bounds ``accepted`` by: it equals ``at_most``, unless the session was changed to need
    fewer people than had accepted already; those are kept, and ``places`` sinks as they leave.
    ``held`` counts the places that are kept for people to whom the shift is offered.
    """

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        CheckConstraint("accepted >= 0 AND accepted <= places", name="places"),
        CheckConstraint("held >= 0 AND accepted + held <= places", name="held"),
        CheckConstraint("needed >= 0 AND at_most >= 0 AND places >= at_most", name="bounds"),
        CheckConstraint("starts_at < ends_at", name="range"),
        CheckConstraint("state IN ('open', 'cancelled')", name="state"),
        CheckConstraint("level >= 1 AND level <= 3", name="level"),
        Index(
            "ix_shift_upcoming",
            "starts_at",
            "id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    position: Mapped[int] = mapped_column(Integer)
    role: Mapped[dict[str, Any]] = mapped_column(Json())
    skill: Mapped[str | None] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(Integer, server_default="1")
    needed: Mapped[int] = mapped_column(Integer)
    at_most: Mapped[int] = mapped_column(Integer)
    places: Mapped[int] = mapped_column(Integer)
    accepted: Mapped[int] = mapped_column(Integer, server_default="0")
    held: Mapped[int] = mapped_column(Integer, server_default="0")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(20), server_default=OPEN)

    session: Mapped[SessionCopy] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def has_place(cls) -> ColumnElement[bool]:
        """Return the guard of every acceptance: a place that nobody has, and that is kept for nobody."""
        return cls.accepted + cls.held < cls.at_most

    @property
    def drop_until(self) -> datetime:
        """Return the last instant at which a volunteer may drop by themselves."""
        return self.starts_at - DROP_CUTOFF

    @property
    def late_drop_from(self) -> datetime:
        """Return the instant from which dropping is told to the coordinators as late."""
        return self.starts_at - LATE

    @property
    def free_places(self) -> int:
        """Return how many places nobody has, and that are kept for nobody."""
        return max(self.at_most - self.accepted - self.held, 0)

    @classmethod
    def take_place(cls, shift_id: str, *, running_too: bool) -> Update:
        """Take one place of an open shift; no row changes where there is none.

        Volunteers take a shift before it starts; with ``running_too`` (staff) until it ends.
        """
        until = cls.ends_at if running_too else cls.starts_at
        return (
            update(cls)
            .where(cls.id == shift_id, cls.state == OPEN, cls.has_place(), until > suite_now())
            .values(accepted=cls.accepted + 1)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def hold(cls, shift_id: str) -> Update:
        """Keep a free place for somebody who is asked; no row changes where there is none."""
        return (
            update(cls)
            .where(cls.id == shift_id, cls.state == OPEN, cls.has_place())
            .values(held=cls.held + 1)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def let_go(cls, shift_id: str) -> Update:
        """Let a kept place go, and let ``places`` sink towards ``at_most``."""
        sunk = case((cls.places > cls.at_most, cls.places - 1), else_=cls.places)
        return (
            update(cls)
            .where(cls.id == shift_id, cls.held > 0)
            .values(held=cls.held - 1, places=sunk)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def take_kept(cls, shift_id: str) -> Update:
        """Turn a kept place into a taken one, before the shift starts."""
        kept = (cls.state == OPEN) & (cls.held > 0) & (cls.starts_at > suite_now())
        return (
            update(cls)
            .where(cls.id == shift_id, kept)
            .values(accepted=cls.accepted + 1, held=cls.held - 1)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def make_place(cls, shift_id: str) -> Update:
        """Take a place for somebody who comes to help, beyond ``at_most`` where it is full."""
        wider = case(
            (cls.accepted + cls.held >= cls.places, cls.accepted + cls.held + 1), else_=cls.places
        )
        return (
            update(cls)
            .where(cls.id == shift_id, cls.state == OPEN, cls.ends_at > suite_now())
            .values(accepted=cls.accepted + 1, places=wider)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def give_place_back(cls, shift_id: str) -> Update:
        """Free one place, and let ``places`` sink towards ``at_most``."""
        sunk = case((cls.places > cls.at_most, cls.places - 1), else_=cls.places)
        return (
            update(cls)
            .where(cls.id == shift_id)
            .values(accepted=cls.accepted - 1, places=sunk)
            .execution_options(synchronize_session=False)
        )
