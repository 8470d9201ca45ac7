"""The fallback sheet: every device that is expected or in line, in the order of the day."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import LIVE, Visit
from services.booking.queries.sessions import known, summary
from shared.database import suite_time

EXPECTED = ("booked", "no_show")


def sheet(session: Session, session_id: str) -> dict[str, Any]:
    """Return the rows of a session: who is in line by turn, then who is expected by slot."""
    row = known(session, session_id)
    statement = (
        select(Ticket, Visit, Appointment)
        .outerjoin(Visit, Visit.id == Ticket.visit_id)
        .outerjoin(Appointment, Appointment.id == Ticket.appointment_id)
        .where(Ticket.session_id == session_id, Ticket.state.in_(OPEN))
        .where(Visit.state.in_(LIVE) | (Visit.id.is_(None) & Appointment.state.in_(EXPECTED)))
        .order_by(Visit.id.is_(None), Visit.turn_at, Visit.number)
        .order_by(Appointment.starts_at, Appointment.id, Ticket.id)
    )
    rows = [_row(*found) for found in session.execute(statement)]
    return {
        "session": summary(row) | {"benches": row.benches},
        "at": suite_time(session),
        "rows": rows,
    }


def _row(ticket: Ticket, visit: Visit | None, booking: Appointment | None) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "appointment_id": booking.id if booking else None,
        "number": visit.number if visit else None,
        "person_id": ticket.person_id,
        "name": (visit.name or None) if visit else None,
        "starts_at": booking.starts_at if booking else None,
        "arrived_at": visit.arrived_at if visit else None,
        "category_id": ticket.category_id,
        "brand": ticket.brand,
        "state": visit.state if visit else "booked",
        "bench": visit.bench if visit else None,
    }
