"""A call for help in a running session: how many are asked for, who was asked, and who comes.

The database keeps one open call per session (partial unique index), one line per person and call,
and no more people joined than were asked for (CHECK).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models.base import Base
from services.roster.models.session import SessionCopy
from services.roster.models.shift import Shift
from shared.database import Id, UtcDateTime, suite_now

OPEN, FULL, ENDED = "open", "full", "ended"
EASED, BY_HAND, IN_TIME, SESSION_OVER = REASONS = ("eased", "by_hand", "time", "session")
ASKED, JOINED, DECLINED, FILLED, CLOSED = "asked", "joined", "declined", "filled", "closed"
PRESSURE = "pressure"
ONE_OPEN = "ix_help_call_one_open"
_OPEN_SQL = text("state = 'open'")


class HelpCall(Base):
    """Help asked for until ``ends_at``: by the queue's pressure, or by a coordinator."""

    __tablename__ = "help_call"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'full', 'ended')", name="state"),
        CheckConstraint(
            "(state = 'ended') = (reason IS NOT NULL)"
            " AND (reason IS NULL OR reason IN ('eased', 'by_hand', 'time', 'session'))",
            name="reason",
        ),
        CheckConstraint("wanted >= 1 AND joined >= 0 AND joined <= wanted", name="joined"),
        CheckConstraint("opened_at < ends_at", name="range"),
        Index(
            ONE_OPEN,
            "session_id",
            unique=True,
            postgresql_where=_OPEN_SQL,
            sqlite_where=_OPEN_SQL,
        ),
        Index("ix_help_call_session", "session_id", "opened_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"))
    state: Mapped[str] = mapped_column(String(10), server_default=OPEN)
    reason: Mapped[str | None] = mapped_column(String(10))
    wanted: Mapped[int] = mapped_column(Integer)
    joined: Mapped[int] = mapped_column(Integer, server_default="0")
    opened_by: Mapped[str] = mapped_column(String(36))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    shift: Mapped[Shift] = relationship(lazy="raise", viewonly=True)
    session: Mapped[SessionCopy] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def has_place(cls) -> ColumnElement[bool]:
        """Return the guard of every joining: the call is open, in time, and wants somebody more."""
        return (cls.state == OPEN) & (cls.joined < cls.wanted) & (cls.ends_at > suite_now())

    @classmethod
    def join(cls, call_id: str) -> Update:
        """Count one more who comes; no row changes where nobody more is wanted."""
        return (
            sql_update(cls)
            .where(cls.id == call_id, cls.has_place())
            .values(joined=cls.joined + 1)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def end(cls, call_id: str, state: str, reason: str | None, at: datetime) -> Update:
        """End a call that is open."""
        return (
            sql_update(cls)
            .where(cls.id == call_id, cls.state == OPEN)
            .values(state=state, reason=reason, ended_at=at)
            .execution_options(synchronize_session=False)
        )


class HelpAsk(Base):
    """One person who was asked in a call: asked, then joined or declined, or filled or closed."""

    __tablename__ = "help_ask"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        CheckConstraint(
            "state IN ('asked', 'joined', 'declined', 'filled', 'closed')", name="state"
        ),
        Index("ix_help_ask_person", "person_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    call_id: Mapped[str] = mapped_column(Id, ForeignKey("help_call.id"))
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("volunteer.person_id"))
    state: Mapped[str] = mapped_column(String(10), server_default=ASKED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    call: Mapped[HelpCall] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def answer(cls, ask_id: str, state: str, at: datetime) -> Update:
        """Answer an ask that is still open."""
        return (
            sql_update(cls)
            .where(cls.id == ask_id, cls.state == ASKED)
            .values(state=state, answered_at=at, version=cls.version + 1)
            .execution_options(synchronize_session=False)
        )
