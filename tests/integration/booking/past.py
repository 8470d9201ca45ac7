"""Builders of what lies behind: sessions of other days with closed devices, written as they stand."""

from datetime import datetime
from typing import Any

from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from shared.ids import new_id
from tests.integration.booking.build import HOUR, Told, publish
from tests.support.services import Service


def held(booking: Service, starts_at: datetime, **given: Any) -> Told:
    """Tell of a session that began at `starts_at`, whenever that was."""
    ends_at = starts_at + 2 * HOUR
    opens = starts_at - 24 * HOUR
    return publish(booking, starts_at=starts_at, ends_at=ends_at, booking_opens_at=opens, **given)


def repaired(told: Told, number: str = "W1", person_id: str | None = None, **given: Any) -> str:
    """Put a device with its outcome there, brought by somebody with that number; its id."""
    begun = datetime.fromisoformat(told.data["starts_at"])
    values: dict[str, Any] = {
        "category_id": 14,
        "state": "closed",
        "status": "Fixed",
        "started_at": begun,
        "closed_at": begun + HOUR / 2,
        "volunteer_id": None,
    }
    visit_id, ticket_id = new_id(), new_id()
    with told.service.database.transaction() as session:
        session.add(
            Visit(
                id=visit_id, session_id=told.id, person_id=person_id, access_key=new_id(),
                number=number, state="closed", turn_at=begun, arrived_at=begun,
                recorded_at=begun, name=given.pop("name", ""),
            )
        )  # fmt: skip
        session.flush()
        session.add(
            Ticket(
                id=ticket_id, session_id=told.id, visit_id=visit_id, person_id=person_id,
                **{**values, **given},
            )
        )  # fmt: skip
    return ticket_id
