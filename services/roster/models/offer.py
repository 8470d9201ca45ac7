"""An offer: a shift that one volunteer is asked to take until a deadline, and the round it belongs to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, false, text
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models.assignment import Assignment
from services.roster.models.base import Base
from services.roster.models.session import SessionCopy
from services.roster.models.shift import Shift
from shared.database import Id, Json, UtcDateTime, suite_now

OFFERED, ACCEPTED, DECLINED = "offered", "accepted", "declined"
EXPIRED, WITHDRAWN, FILLED = "expired", "withdrawn", "filled"
ONE_BY_ONE, TO_ALL, DONE, STOPPED = "one_by_one", "to_all", "done", "stopped"
RUNNING = (ONE_BY_ONE, TO_ALL)
ONE_OPEN = "ix_offer_one_open"
_OPEN_SQL = text("state = 'offered'")


class Offer(Base):
    """One volunteer asked for one shift.

    ``holds`` says that a place is kept for them until ``expires_at`` (``shift.held`` counts it); what is
    offered to all keeps none: the first to accept has it. ``why`` says why they were asked.
    ``instead_of``: the assignment of who looks for a stand-in; accepting takes it over.
    ``in_return``: the assignment that is given for it, when two swap.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(
            "state IN ('offered', 'accepted', 'declined', 'expired', 'withdrawn', 'filled')",
            name="state",
        ),
        CheckConstraint("made_at < expires_at", name="range"),
        CheckConstraint("(state = 'offered') = (answered_at IS NULL)", name="answered"),
        Index(
            ONE_OPEN,
            "shift_id",
            "person_id",
            unique=True,
            postgresql_where=_OPEN_SQL,
            sqlite_where=_OPEN_SQL,
        ),
        Index("ix_offer_due", "expires_at", postgresql_where=_OPEN_SQL, sqlite_where=_OPEN_SQL),
        Index("ix_offer_person", "person_id", "made_at"),
        Index("ix_offer_session", "session_id"),
        Index("ix_offer_instead_of", "instead_of"),
        Index("ix_offer_in_return", "in_return"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"))
    state: Mapped[str] = mapped_column(String(10), server_default=OFFERED)
    holds: Mapped[bool] = mapped_column(Boolean, server_default=false())
    instead_of: Mapped[str | None] = mapped_column(Id)
    in_return: Mapped[str | None] = mapped_column(Id)
    why: Mapped[dict[str, Any]] = mapped_column(Json())
    made_by: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    shift: Mapped[Shift] = relationship(lazy="raise", viewonly=True)
    session: Mapped[SessionCopy] = relationship(lazy="raise", viewonly=True)
    returned: Mapped[Assignment | None] = relationship(
        primaryjoin=lambda: foreign(Offer.in_return) == Assignment.id, lazy="raise", viewonly=True
    )

    @classmethod
    def in_time(cls) -> ColumnElement[bool]:
        """Return the guard of every acceptance: the deadline, by the database's clock."""
        return cls.expires_at > suite_now()

    @classmethod
    def answer(cls, offer_id: str, state: str, at: datetime) -> Update:
        """Answer, or end, an offer that is open."""
        return (
            sql_update(cls)
            .where(cls.id == offer_id, cls.state == OFFERED)
            .values(state=state, answered_at=at, version=cls.version + 1)
            .execution_options(synchronize_session=False)
        )


class OfferRound(Base):
    """A shift that is being filled by asking: one person per place at a time, then everybody."""

    __tablename__ = "offer_round"
    __table_args__ = (
        CheckConstraint("state IN ('one_by_one', 'to_all', 'done', 'stopped')", name="state"),
    )

    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), server_default=ONE_BY_ONE)
    started_by: Mapped[str] = mapped_column(String(36))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
