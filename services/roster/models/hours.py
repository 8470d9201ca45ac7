"""Hours: what counts now of an assignment, and the ledger of entries that it follows from."""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.roster.models.assignment import Assignment
from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

RECORDED, BY_RULE, PUT_RIGHT, CORRECTION = KINDS = (
    "recorded",  # from check-in and check-out
    "by_rule",  # the check-out was forgotten and set by rule
    "put_right",  # staff noted the real end of a forgotten one
    "correction",  # a coordinator says what is right, and why
)
REASON_MOST = 300
LONGEST = timedelta(hours=16)  # nobody serves longer in one go
SHORT, LONG, OUTSIDE = LOOKS = ("short", "long", "outside")  # what a reviewer looks at twice
SHORT_MINUTES = 15
MORE_THAN_SHIFT = 60
LONG_MINUTES = 8 * 60
ENTRY_KEPT = "hours_entry_kept"
NOT_ONESELF = "ck_hours_entry_not_oneself"


class Hours(Base):
    """One row per assignment: its newest entry. Trials are recorded, and counted in no total."""

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("checked_in_at <= checked_out_at", name="range"),
        Index("ix_hours_person", "person_id", "checked_in_at"),
        Index("ix_hours_month", "month", "checked_in_at"),
    )

    assignment_id: Mapped[str] = mapped_column(Id, ForeignKey("assignment.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    person_id: Mapped[str] = mapped_column(Id)
    minutes: Mapped[int] = mapped_column(Integer)
    checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_out_at: Mapped[datetime] = mapped_column(UtcDateTime())
    closed_by_rule: Mapped[bool] = mapped_column(Boolean, server_default=false())
    trial: Mapped[bool] = mapped_column(Boolean, server_default=false())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    served_on: Mapped[date] = mapped_column(Date, server_default="1970-01-01")
    month: Mapped[str] = mapped_column(String(7), server_default="")
    pause_minutes: Mapped[int] = mapped_column(Integer, server_default="0")
    look: Mapped[str] = mapped_column(String(10), server_default="")

    assignment: Mapped[Assignment] = relationship(lazy="raise", viewonly=True)


class Entry(Base):
    """A line of the ledger. Nothing in it is ever changed or removed: triggers refuse it on both databases.

    Only who it was about and who noted it can be given a name that leads nowhere, and the words of
    the reason be blanked, when somebody is erased. ``minutes`` is what counts from this entry on,
    ``change`` what it adds: the sum of an assignment's changes is what counts now.
    """

    __tablename__ = "hours_entry"
    __table_args__ = (
        UniqueConstraint("assignment_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("minutes >= 0 AND pause_minutes >= 0", name="minutes"),
        CheckConstraint("checked_in_at <= checked_out_at", name="range"),
        CheckConstraint("kind IN ('recorded', 'by_rule', 'put_right', 'correction')", name="kind"),
        CheckConstraint(
            "kind IN ('recorded', 'by_rule') OR noted_by <> person_id", name="not_oneself"
        ),
        Index("ix_hours_entry_month", "month"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    assignment_id: Mapped[str] = mapped_column(Id, ForeignKey("assignment.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[str] = mapped_column(Id)
    month: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    quarter: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    minutes: Mapped[int] = mapped_column(Integer)
    change: Mapped[int] = mapped_column(Integer)
    checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime())
    checked_out_at: Mapped[datetime] = mapped_column(UtcDateTime())
    pause_minutes: Mapped[int] = mapped_column(Integer, server_default="0")
    reason: Mapped[str] = mapped_column(String(REASON_MOST), server_default="")
    noted_by: Mapped[str] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())


def minutes_between(checked_in_at: datetime, checked_out_at: datetime) -> int:
    """Return the whole minutes served; begun minutes do not count."""
    return max(0, (checked_out_at - checked_in_at) // timedelta(minutes=1))


def look_of(
    row: Assignment, checked_in_at: datetime, checked_out_at: datetime, minutes: int
) -> str:
    """Return what is unusual about a stretch of service beside its shift; empty: nothing."""
    if checked_out_at <= row.starts_at or row.ends_at <= checked_in_at:
        return OUTSIDE
    if minutes < SHORT_MINUTES:
        return SHORT
    shift = minutes_between(row.starts_at, row.ends_at)
    return LONG if minutes > min(shift + MORE_THAN_SHIFT, LONG_MINUTES) else ""
