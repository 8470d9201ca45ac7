"""A proposal of a roster: what was asked, how far the search is, and the plan that a coordinator works on.

States: ``waiting`` for a worker → ``solving`` (leased) → ``ready``; ``failed`` when two workers did not come
back; ``discarded`` and ``published`` are ends. Whatever plan there was before a search stays until a new one is there.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    false,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import Update

from services.roster.models.base import Base
from shared.database import Id, Json, UtcDateTime

WAITING, SOLVING, READY, FAILED = "waiting", "solving", "ready", "failed"
DISCARDED, PUBLISHED = "discarded", "published"
AT_WORK = (WAITING, SOLVING)
EDITABLE = (READY, FAILED)
ENDED = (DISCARDED, PUBLISHED)
PLANNED, OUT, REFUSED = "planned", "out", "refused"
BY_SOLVER, BY_HAND = "solver", "hand"
MOST_TRIES = 2  # a search that took its worker with it is tried once more
MOST_DAYS = 200
MOST_SECONDS = 600
_AT_WORK_SQL = text("state IN ('waiting', 'solving')")


class Proposal(Base):
    """One proposal for the days from ``from_on`` to ``until_on``, both of them with.

    ``edition`` counts what people and workers change of the plan (two coordinators may edit); ``solved`` how often
    it was solved. ``progress`` holds what was found so far: a list of [seconds, missing, points, bound, unavoidable].
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'solving', 'ready', 'failed', 'discarded', 'published')",
            name="state",
        ),
        CheckConstraint("from_on <= until_on", name="days"),
        CheckConstraint("seconds BETWEEN 1 AND 600", name="seconds"),
        CheckConstraint("tries BETWEEN 0 AND 2", name="tries"),
        CheckConstraint("(state = 'solving') = (leased_until IS NOT NULL)", name="lease"),
        Index(
            "ix_proposal_at_work",
            "asked_at",
            postgresql_where=_AT_WORK_SQL,
            sqlite_where=_AT_WORK_SQL,
        ),
        Index("ix_proposal_made", "made_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(10), server_default=WAITING)
    edition: Mapped[int] = mapped_column(Integer, server_default="1")
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    zone: Mapped[str] = mapped_column(String(60))
    seconds: Mapped[int] = mapped_column(Integer)
    unknown_too: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    made_by: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    tries: Mapped[int] = mapped_column(Integer, server_default="0")
    lease: Mapped[str | None] = mapped_column(Id)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    stop_asked: Mapped[bool] = mapped_column(Boolean, server_default=false())
    solved: Mapped[int] = mapped_column(Integer, server_default="0")
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    progress: Mapped[list[Any]] = mapped_column(Json(), server_default="[]")
    figures: Mapped[dict[str, Any]] = mapped_column(Json(), server_default="{}")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    @classmethod
    def change(cls, proposal_id: str, *states: str, **values: Any) -> Update:
        """Change a proposal that is in one of ``states``; count its edition up."""
        return (
            update(cls)
            .where(cls.id == proposal_id, cls.state.in_(states))
            .values(edition=cls.edition + 1, **values)
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def held_by(cls, proposal_id: str, holder: str, **values: Any) -> Update:
        """Change a proposal that a worker still holds; no row where its lease went to another."""
        return (
            update(cls)
            .where(cls.id == proposal_id, cls.state == SOLVING, cls.lease == holder)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


class ProposedCell(Base):
    """Somebody on a shift of a plan, with the reasons for it, and what became of it when it was published."""

    __tablename__ = "proposal_cell"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'out', 'refused')", name="state"),
        CheckConstraint("made_by IN ('solver', 'hand')", name="made_by"),
        Index("ix_proposal_cell_person", "person_id"),
    )

    proposal_id: Mapped[str] = mapped_column(Id, ForeignKey("proposal.id"), primary_key=True)
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
    made_by: Mapped[str] = mapped_column(String(6), server_default=BY_SOLVER)
    locked: Mapped[bool] = mapped_column(Boolean, server_default=false())
    why: Mapped[list[Any]] = mapped_column(Json(), server_default="[]")
    state: Mapped[str] = mapped_column(String(8), server_default=PLANNED)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(Json())


class ProposalGap(Base):
    """A shift with empty places, and the rules that stand in the way: sets of them with how many people each lets in."""

    __tablename__ = "proposal_gap"

    proposal_id: Mapped[str] = mapped_column(Id, ForeignKey("proposal.id"), primary_key=True)
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"), primary_key=True)
    missing: Mapped[int] = mapped_column(Integer)
    empty: Mapped[int] = mapped_column(Integer)
    ways: Mapped[list[Any]] = mapped_column(Json())


class ProposalBan(Base):
    """Somebody whom the coordinator keeps off a shift of a plan, also when it is solved again."""

    __tablename__ = "proposal_ban"
    __table_args__ = (Index("ix_proposal_ban_person", "person_id"),)

    proposal_id: Mapped[str] = mapped_column(Id, ForeignKey("proposal.id"), primary_key=True)
    shift_id: Mapped[str] = mapped_column(Id, ForeignKey("shift.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, primary_key=True)
