"""Reads of visits: one, one person's, who may see a line, and its devices."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking.models.helper import HELPING, Helper
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import LIVE, PAUSED, Visit
from services.booking.queries.sessions import summary
from shared.errors import NotFound

FRESH = {"populate_existing": True}


def one(session: Session, id: str) -> Visit:
    """Return a visit."""
    row = session.get(Visit, id)
    if row is None:
        raise NotFound
    return row


def locked(session: Session, id: str) -> Visit:
    """Lock and return a visit as it stands now."""
    statement = select(Visit).where(Visit.id == id).with_for_update(key_share=True)
    row = session.scalars(statement, execution_options=FRESH).one_or_none()
    if row is None:
        raise NotFound
    return row


def ticket(session: Session, id: str) -> Ticket:
    """Return a ticket."""
    row = session.get(Ticket, id)
    if row is None:
        raise NotFound
    return row


def helps(session: Session, session_id: str, person_id: str) -> bool:
    """Tell whether somebody has a shift in this session."""
    which = (Helper.session_id == session_id) & (Helper.person_id == person_id)
    return bool(session.scalar(select(exists().where(which, Helper.state.in_(HELPING)))))


def live_of(session: Session, session_id: str, person_id: str) -> Visit | None:
    """Return somebody's live visit in a session."""
    statement = select(Visit).where(
        Visit.session_id == session_id, Visit.person_id == person_id, Visit.state.in_(LIVE)
    )
    return session.scalars(statement).one_or_none()


def paused_of(session: Session, offering_id: str, person_id: str) -> Visit | None:
    """Return somebody's visit that waits for parts in an offering, the oldest first."""
    statement = (
        select(Visit)
        .join(ServiceSession, ServiceSession.id == Visit.session_id)
        .where(ServiceSession.offering_id == offering_id)
        .where(Visit.person_id == person_id, Visit.state == PAUSED)
        .order_by(Visit.paused_at, Visit.id)
    )
    return session.scalars(statement.limit(1)).one_or_none()


def of_appointment(session: Session, appointment_id: str) -> Visit | None:
    """Return the newest visit that an appointment led to."""
    statement = select(Visit).where(Visit.appointment_id == appointment_id)
    return session.scalars(statement.order_by(Visit.recorded_at.desc()).limit(1)).one_or_none()


def of_person(session: Session, person_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return a person's visits, the latest first."""
    statement = (
        select(Visit, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Visit.session_id)
        .where(Visit.person_id == person_id)
        .order_by(Visit.recorded_at.desc(), Visit.id)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    devices = devices_of(session, [row.id for row, _ in rows])
    return [shown(row, devices.get(row.id, [])) | {"session": summary(of)} for row, of in rows]


def devices_of(session: Session, visit_ids: Sequence[str]) -> dict[str, list[Ticket]]:
    """Return the tickets of several visits, in a stable order."""
    wanted = (Ticket.visit_id.in_(visit_ids)) & (Ticket.state != "cancelled")
    found: dict[str, list[Ticket]] = {}
    for row in session.scalars(select(Ticket).where(wanted).order_by(Ticket.id)):
        found.setdefault(str(row.visit_id), []).append(row)
    return found


def shown(row: Visit, devices: Sequence[Ticket]) -> dict[str, Any]:
    """Return a visit as the desk sees it."""
    names = (
        "id", "session_id", "appointment_id", "person_id", "number", "state", "bench", "calls",
        "arrived_at", "recorded_at", "called_at", "turn_at", "arrival", "version", "rework",
        "resumed", "late_minutes", "snoozes", "snoozed_until", "absent_at", "paused_at", "ended_by",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in names}
    tickets = [with_number(device, row.number) for device in devices]
    extra = {"name": row.name or None, "starts_at": row.slot_starts_at}
    return values | extra | {"devices": tickets, "wait": None}


def with_number(device: Ticket, number: str | None) -> dict[str, Any]:
    """Return a ticket with the number its owner is called by."""
    names = (
        "id", "visit_id", "category_id", "brand", "problem", "photo_id", "rework_of", "state", "status",
        "barrier", "note", "bench", "volunteer_id", "started_at", "closed_at", "paused_at", "power",
        "safety", "care", "handed_back", "handed_back_at", "version",
    )  # fmt: skip
    return {name: getattr(device, name) for name in names} | {"number": number}
