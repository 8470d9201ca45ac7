"""An act that was made at a desk without a connection, and the decision it may need."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, Json

KINDS = ("check_in", "walk_in", "call", "absent", "back", "leave", "start", "outcome")
DECISIONS = ("mine", "theirs", "dismissed")
KEEP_WORDS = timedelta(days=30)
_KINDS_SQL = ", ".join(f"'{kind}'" for kind in KINDS)


class DeskAct(Base):
    """An act by its own id, made up where it was done: sent twice, it is done once, for ever.

    `given` is what was meant; it stays only while a person has to decide about it (see
    `DeskConflict`), since it may hold a typed name. `occurred_at` is the device's time, bounded by
    the session; `visit_id` lets later acts of the same desk name somebody who had no number yet.
    """

    __tablename__ = "desk_act"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS_SQL})", name="kind"),
        Index("ix_desk_act_session_id", "session_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    actor_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    given: Mapped[dict[str, Any]] = mapped_column(Json)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    visit_id: Mapped[str | None] = mapped_column(Id)


class DeskConflict(Base):
    """An act that did not fit what stood when it arrived. State: open | mine | theirs | dismissed."""

    __tablename__ = "desk_conflict"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'mine', 'theirs', 'dismissed')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        Index("ix_desk_conflict_session_id_state", "session_id", "state"),
    )

    act_id: Mapped[str] = mapped_column(Id, ForeignKey("desk_act.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("session.id"))
    reason: Mapped[str] = mapped_column(String(40))
    reason_zh: Mapped[str] = mapped_column(String(300))
    reason_en: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None]
