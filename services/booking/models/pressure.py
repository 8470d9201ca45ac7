"""The pressure of a line: whether waiting is longer than its limit, calmly: it neither flares up nor flaps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

HIGH_AFTER = timedelta(minutes=1)  # so long the range must lie above the limit
UNKNOWN_AFTER = timedelta(
    minutes=5
)  # people wait and nobody has checked in: they may be on the way
EASED_AFTER = timedelta(minutes=3)
EASED_SHARE = 0.75  # of the limit: below it the line is calm again


@dataclass(frozen=True)
class Measure:
    """A line at one moment: the waiting range of who comes now (None: unknown), and who waits."""

    waiting: int
    wait: tuple[int, int] | None
    limit: int | None

    @property
    def above(self) -> bool:
        """Tell whether the middle of the range lies above the limit, or nobody is there to serve."""
        if self.limit is None or not self.waiting:
            return False
        return self.wait is None or sum(self.wait) / 2 > self.limit

    @property
    def calm(self) -> bool:
        """Tell whether the middle of the range lies well below the limit, or nobody waits."""
        if self.limit is None or not self.waiting:
            return True
        return self.wait is not None and sum(self.wait) / 2 < self.limit * EASED_SHARE


class QueuePressure(Base):
    """What was announced last of a line (`high`), and since when it looks otherwise.

    `since` runs while the line is above (and not high) or calm (and high); anything else sets it back.
    """

    __tablename__ = "queue_pressure"

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    high: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def turns(self, seen: Measure, at: datetime) -> bool:
        """Note what is seen at a moment; tell whether the pressure turns, and is to be announced."""
        otherwise = seen.calm if self.high else seen.above
        if not otherwise:
            self.since = None
            return False
        self.since = self.since or at
        if at - self.since < self._patience(seen):
            return False
        self.high, self.since, self.version = not self.high, None, self.version + 1
        return True

    def _patience(self, seen: Measure) -> timedelta:
        if self.high:
            return EASED_AFTER
        return UNKNOWN_AFTER if seen.wait is None else HIGH_AFTER
