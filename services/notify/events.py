"""What notify announces."""

from sqlalchemy.orm import Session

from services.notify.models import Delivery
from shared.outbox import announce

DELIVERY_FAILED = "delivery.failed.v1"


def delivery_failed(session: Session, delivery: Delivery, reason: str) -> None:
    """Announce that a message will not arrive, and why (a code, nothing personal)."""
    data: dict[str, object] = {
        "delivery_id": delivery.id,
        "person_id": delivery.recipient,
        "occasion": delivery.occasion,
        "channel": delivery.channel,
        "reason": reason,
    }
    announce(session, DELIVERY_FAILED, delivery.id, delivery.attempts, data)
