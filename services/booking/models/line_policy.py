"""How a line is run: when to call again, how long an absent person keeps the turn, what may be put off."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id

SUGGEST, AUTO = "suggest", "auto"
SESSION, OFFERING = "session", "offering"


@dataclass(frozen=True)
class LineRules:
    """The figures of one line, with defaults that suit a repair afternoon.

    `close_absent_minutes` None: an absent person's number stays open until the line is over.
    `help_minutes`: from which wait on idle volunteers are asked for help; None: never by itself.
    """

    recall_seconds: int = 60
    calls_before_absent: int = 2
    absent_mode: str = SUGGEST
    keep_turn_minutes: int = 20
    close_absent_minutes: int | None = 60
    late_minutes: int = 10
    late_times: int = 2
    snooze_minutes: int = 10
    snooze_times: int = 2
    help_minutes: int | None = 60

    @property
    def recall_after(self) -> timedelta:
        """How long after a call the next step is suggested, or taken."""
        return timedelta(seconds=self.recall_seconds)

    def keeps(self, away_minutes: int = 0) -> timedelta:
        """How long an absent person keeps the turn, with what they announced."""
        return timedelta(minutes=self.keep_turn_minutes + away_minutes)

    def closes(self, away_minutes: int = 0) -> timedelta | None:
        """After how long an absent person's number is closed; None: not at all."""
        if self.close_absent_minutes is None:
            return None
        return timedelta(minutes=self.close_absent_minutes + away_minutes)


USUAL = LineRules()
FIELDS = tuple(asdict(USUAL))


class LinePolicy(Base):
    """The rules that a coordinator set for one session, or for all sessions of an offering."""

    __tablename__ = "line_policy"
    __table_args__ = (
        CheckConstraint("kind IN ('session', 'offering')", name="kind"),
        CheckConstraint("absent_mode IN ('suggest', 'auto')", name="absent_mode"),
        CheckConstraint("recall_seconds >= 10 AND calls_before_absent >= 1", name="calls"),
        CheckConstraint(
            "close_absent_minutes IS NULL OR close_absent_minutes >= keep_turn_minutes",
            name="closes_after_keeping",
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    recall_seconds: Mapped[int]
    calls_before_absent: Mapped[int]
    absent_mode: Mapped[str] = mapped_column(String(10))
    keep_turn_minutes: Mapped[int]
    close_absent_minutes: Mapped[int | None]
    late_minutes: Mapped[int]
    late_times: Mapped[int]
    snooze_minutes: Mapped[int]
    snooze_times: Mapped[int]
    help_minutes: Mapped[int | None] = mapped_column(server_default="60")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def rules(self) -> LineRules:
        """The figures alone."""
        values: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        return LineRules(**values)
