"""Periods of the ledger: months and quarters, checked by one coordinator, then by another, then closed.

A closed period takes nothing but corrections. The database says so on every path: a trigger on the
ledger reads the period under a share lock, which closing waits for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Id, UtcDateTime

ZONE = ZoneInfo("Asia/Shanghai")  # the centre's: a month of the ledger is a month there
MONTH, QUARTER = PERIOD_KINDS = ("month", "quarter")
OPEN, CHECKED, CROSSED, CLOSED = STATES = ("open", "checked", "crossed", "closed")
CHECK, CROSS_CHECK, SEND_BACK, CLOSE = ACTS = ("check", "cross_check", "send_back", "close")
NOTE_MOST = 500
PERIOD_CLOSED = "hours_period_closed"
NOT_THE_SAME = "ck_hours_period_not_the_same"


@dataclass(frozen=True)
class Stretch:
    """A month or a quarter: ``first`` is its first day, ``after`` the first day behind it."""

    name: str
    kind: str
    first: date
    after: date

    @property
    def starts_at(self) -> datetime:
        """Return the instant it begins at the centre."""
        return midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """Return the instant it is over at the centre."""
        return midnight(self.after)

    @property
    def months(self) -> tuple[str, ...]:
        """Return the names of its months."""
        if self.kind == MONTH:
            return (self.name,)
        return tuple(f"{self.first.year}-{self.first.month + n:02d}" for n in range(3))

    @property
    def quarter(self) -> str:
        """Return the name of the quarter that it is, or lies in."""
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"


def stretch(name: str) -> Stretch | None:
    """Read ``2026-11`` or ``2026-Q4``; None where it is neither."""
    year, _, rest = name.partition("-")
    if len(year) != 4 or not (year.isascii() and year.isdigit()) or not 2000 <= int(year) < 2200:
        return None
    quarter = rest.startswith("Q")
    digits = rest[1:] if quarter else rest
    if not (digits.isascii() and digits.isdigit()) or len(digits) != (1 if quarter else 2):
        return None
    number, most = int(digits), 4 if quarter else 12
    if not 1 <= number <= most:
        return None
    first = date(int(year), number * 3 - 2 if quarter else number, 1)
    last_month = first.month + (2 if quarter else 0)
    after = date(first.year + last_month // 12, last_month % 12 + 1, 1)
    return Stretch(name, QUARTER if quarter else MONTH, first, after)


def month_of(day: date) -> Stretch:
    """Return the month that a day lies in."""
    found = stretch(f"{day.year}-{day.month:02d}")
    assert found is not None  # noqa: S101 - every day has one
    return found


def local_day(instant: datetime) -> date:
    """Return the day of an instant at the centre."""
    return instant.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins at the centre."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def day_after(instant: datetime, days: int) -> datetime:
    """Return the end of the day that lies ``days`` after an instant's own."""
    return midnight(local_day(instant) + timedelta(days=days + 1))


class Period(Base):
    """How far the review of a month or quarter has come, and what it came to when it was closed.

    ``entries`` is how many lines the ledger had when somebody looked at it last: if it has more by
    then, what was looked at is not what would be closed.
    """

    __tablename__ = "hours_period"
    __table_args__ = (
        CheckConstraint("kind IN ('month', 'quarter')", name="kind"),
        CheckConstraint("crossed_by <> checked_by", name="not_the_same"),
        CheckConstraint(
            "(state = 'open' AND checked_by IS NULL AND crossed_by IS NULL AND closed_by IS NULL)"
            " OR (state = 'checked' AND checked_by IS NOT NULL AND crossed_by IS NULL"
            " AND closed_by IS NULL)"
            " OR (state = 'crossed' AND checked_by IS NOT NULL AND crossed_by IS NOT NULL"
            " AND closed_by IS NULL)"
            " OR (state = 'closed' AND checked_by IS NOT NULL AND crossed_by IS NOT NULL"
            " AND closed_by IS NOT NULL AND closed_at IS NOT NULL)",
            name="state",
        ),
    )

    name: Mapped[str] = mapped_column(String(7), primary_key=True)
    kind: Mapped[str] = mapped_column(String(7))
    state: Mapped[str] = mapped_column(String(10), server_default=OPEN)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    entries: Mapped[int] = mapped_column(Integer, server_default="0")
    checked_by: Mapped[str | None] = mapped_column(Id)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    crossed_by: Mapped[str | None] = mapped_column(Id)
    crossed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_by: Mapped[str | None] = mapped_column(Id)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_minutes: Mapped[int | None] = mapped_column(Integer)
    closed_people: Mapped[int | None] = mapped_column(Integer)


class PeriodAct(Base):
    """What somebody did in the review of a period; like the ledger, it is only ever added to."""

    __tablename__ = "period_act"
    __table_args__ = (
        CheckConstraint("act IN ('check', 'cross_check', 'send_back', 'close')", name="act"),
        Index("ix_period_act_period", "period", "done_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    period: Mapped[str] = mapped_column(String(7), ForeignKey("hours_period.name"))
    act: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(NOTE_MOST), server_default="")
    minutes: Mapped[int] = mapped_column(Integer)
    entries: Mapped[int] = mapped_column(Integer)
    done_by: Mapped[str] = mapped_column(Id)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime())
