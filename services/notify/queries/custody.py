"""What was said about devices that stay: which reminder, to whom, and whether it went out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.models import Delivery
from services.notify.queries import texts


def custody_news(session: Session, ids: Sequence[str], language: str) -> list[dict[str, Any]]:
    """Return the messages about these devices, the earliest first."""
    about = Delivery.engagement_id.in_(ids) & Delivery.template.in_(
        ("custody_ready", "custody_reminder")
    )
    order = (Delivery.due_at, Delivery.channel, Delivery.id)
    return [
        {
            "custody_id": row.engagement_id,
            "days": row.params.get("days", 0),
            "channel": row.channel,
            "state": row.state,
            "reason_text": texts.reason(row.reason, language),
            "due_at": row.due_at,
            "sent_at": row.sent_at,
        }
        for row in session.scalars(select(Delivery).where(about).order_by(*order))
    ]
