"""A display: a screen that shows a session's wall, and when it was last heard."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import BigId, Id

BEAT = timedelta(seconds=20)
SILENT_AFTER = 4 * BEAT
BEHIND_AFTER = 2 * BEAT
SOUNDS = ("voice", "chime", "blocked", "off")


class Display(Base):
    """One screen at one session: `number` is its name there unless somebody gave it one.

    `sound`: voice | chime (no local voice) | blocked (waits for a tap) | off. `shown` is the version
    on the screen; `behind_since` says since when that is not the newest. `left_at`: closed by hand.
    """

    __tablename__ = "display"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("sound IN ('voice', 'chime', 'blocked', 'off')", name="sound"),
        Index("ix_display_seen_at", "seen_at"),
    )

    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(40), default="")
    sound: Mapped[str] = mapped_column(String(10))
    shown: Mapped[int | None] = mapped_column(BigId)
    behind_since: Mapped[datetime | None]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    def state(self, at: datetime) -> str:
        """Return how it stands: ok | silent | behind (alive, with an old picture) | closed."""
        if self.left_at is not None:
            return "closed"
        if at - self.seen_at > SILENT_AFTER:
            return "silent"
        old = self.behind_since is not None and at - self.behind_since > BEHIND_AFTER
        return "behind" if old else "ok"
