"""What custody and feedback announce: states, times and ids; never a code, a name or a typed word."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.custody import Custody
from services.booking.models.feedback import Feedback
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from shared.clock import iso
from shared.outbox import announce


def announce_custody(session: Session, verb: str, row: Custody) -> None:
    """Announce `custody.<verb>.v1`; verb: stored | ready | collected | disposed.

    *stored* and *ready* also say that a wrong hand-back was undone, and that a device is kept on.
    """
    ticket, number = _owner(session, row.ticket_id)
    data: dict[str, Any] = {
        "id": row.id,
        "ticket_id": row.ticket_id,
        "visit_id": ticket.visit_id,
        "session_id": ticket.session_id,
        "person_id": ticket.person_id,
        "category_id": ticket.category_id,
        "number": number,
        "tag": row.tag,
        "state": row.state,
        "status": ticket.status,
        "stored_at": iso(row.stored_at),
        "ready_at": iso(row.ready_at) if row.ready_at else None,
        "ended_at": iso(row.ended_at) if row.ended_at else None,
    }
    announce(session, f"custody.{verb}.v1", row.id, row.version, data)


def announce_feedback(session: Session, row: Feedback) -> None:
    """Announce `feedback.asked.v1`: the owner of a repaired device is to be asked how it does."""
    ticket, number = _owner(session, row.ticket_id)
    data: dict[str, Any] = {
        "ticket_id": row.ticket_id,
        "visit_id": ticket.visit_id,
        "session_id": ticket.session_id,
        "person_id": ticket.person_id,
        "category_id": ticket.category_id,
        "number": number,
    }
    announce(session, "feedback.asked.v1", f"feedback:{row.ticket_id}", row.version, data)


def _owner(session: Session, ticket_id: str) -> tuple[Ticket, str | None]:
    found = session.execute(
        select(Ticket, Visit.number)
        .outerjoin(Visit, Visit.id == Ticket.visit_id)
        .where(Ticket.id == ticket_id)
    ).one()
    return found[0], found[1]
