"""A delivery: one message to one person on one channel, with a state that tells the truth."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notify.models.base import Base
from shared.database import Id, Json, UtcDateTime

APP, MAIL = "app", "mail"
WAITING, SENT, FAILED, UNKNOWN, SKIPPED = "waiting", "sent", "failed", "unknown", "skipped"
STATES = (WAITING, SENT, FAILED, UNKNOWN, SKIPPED)
NOT_TOLD = (FAILED, UNKNOWN, SKIPPED)


class Delivery(Base):
    """States: waiting → sent | failed | unknown | skipped (and unknown → sent, when it turns out so).

    `occasion` is an event or a named reminder; (occasion, recipient, channel) is unique, so nobody
    is told twice. A worker leases a row (`lease`, `leased_until`), marks the moment from which the
    mail server may have it (`handed_at`), and records how it went. `recipient` is a person's id, or
    a random one after erasure.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("occasion", "recipient", "channel"),
        CheckConstraint("channel IN ('app', 'mail')", name="channel"),
        CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'unknown', 'skipped')", name="state"
        ),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_at"),
        Index(
            "ix_delivery_waiting",
            "next_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_delivery_recipient_sent_at", "recipient", "sent_at", "id"),
        Index("ix_delivery_created_at", "created_at", "id"),
        Index("ix_delivery_session_id", "session_id"),
        Index("ix_delivery_engagement_id", "engagement_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    occasion: Mapped[str] = mapped_column(String(160))
    recipient: Mapped[str] = mapped_column(Id)
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    session_id: Mapped[str | None] = mapped_column(Id)
    engagement_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[str | None] = mapped_column(Id)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
