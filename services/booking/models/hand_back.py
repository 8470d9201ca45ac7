"""A hand-back: a device leaves with its owner, safe, or made unusable and said so."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from shared.database import Id, UtcDateTime

NO_TEST, TESTED, DISABLED = "no_test", "tested", "disabled"
WAYS = (NO_TEST, TESTED, DISABLED)
_STANDS = text("undone_at IS NULL")


class HandBack(Base):
    """How: no_test (not a mains device) | tested (passed) | disabled (failed, cannot be plugged in).

    The test belongs to the same ticket and its result is what it says (foreign key over all three);
    `tested` needs a passed one, `disabled` a failed one and the name of whoever took it, knowing
    that it is not safe. One stands per ticket; an undone one is kept.
    """

    __tablename__ = "hand_back"
    __table_args__ = (
        CheckConstraint("how IN ('no_test', 'tested', 'disabled')", name="how"),
        CheckConstraint(
            "(how = 'no_test' AND safety_test_id IS NULL AND test_passed IS NULL)"
            " OR (how = 'tested' AND safety_test_id IS NOT NULL AND COALESCE(test_passed, false))"
            " OR (how = 'disabled' AND safety_test_id IS NOT NULL"
            " AND NOT COALESCE(test_passed, true))",
            name="test",
        ),
        CheckConstraint("how = 'disabled' OR acknowledged_by = ''", name="acknowledged"),
        ForeignKeyConstraint(
            ["safety_test_id", "ticket_id", "test_passed"],
            ["safety_test.id", "safety_test.ticket_id", "safety_test.passed"],
        ),
        Index(
            "uq_hand_back_ticket_id",
            "ticket_id",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("ticket.id"))
    how: Mapped[str] = mapped_column(String(10))
    safety_test_id: Mapped[str | None] = mapped_column(Id)
    test_passed: Mapped[bool | None] = mapped_column(Boolean)
    acknowledged_by: Mapped[str] = mapped_column(String(120), default="")
    by: Mapped[str] = mapped_column(Id)
    handed_back_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(Id)
