"""Reads of appointments: one, one person's, one session's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.queries.sessions import summary
from shared.database import suite_time
from shared.pagination import Page, page


def shown(session: Session, rows: Sequence[Appointment]) -> list[dict[str, Any]]:
    """Return appointments with their devices, session and what may be done; two statements."""
    at = suite_time(session)
    devices = _devices(session, [row.id for row in rows])
    wanted = select(ServiceSession).where(ServiceSession.id.in_({row.session_id for row in rows}))
    sessions = {row.id: row for row in session.scalars(wanted)}
    return [_one(row, devices.get(row.id, []), sessions[row.session_id], at) for row in rows]


def plain(session: Session, row: Appointment) -> dict[str, Any]:
    """Return an appointment with its devices, as booking answers it."""
    return _plain(row, _devices(session, [row.id]).get(row.id, []))


def of_person(session: Session, person_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return a person's appointments, the latest first."""
    statement = select(Appointment).where(Appointment.person_id == person_id)
    latest = statement.order_by(Appointment.starts_at.desc(), Appointment.id).limit(limit)
    return shown(session, session.scalars(latest).all())


def of_session(
    session: Session, session_id: str, cursor: str | None, limit: int, state: str | None = None
) -> Page:
    """Return one page of a session's appointments in the order of their times."""
    statement = select(Appointment).where(Appointment.session_id == session_id)
    if state:
        statement = statement.where(Appointment.state == state)
    keys = [Appointment.starts_at, Appointment.created_at, Appointment.id]
    found = page(session, statement, keys, cursor, limit)
    return Page(shown(session, found.items), found.next_cursor)


def _devices(session: Session, ids: Sequence[str]) -> dict[str, list[Ticket]]:
    statement = select(Ticket).where(Ticket.appointment_id.in_(ids)).order_by(Ticket.id)
    found: dict[str, list[Ticket]] = {}
    for ticket in session.scalars(statement):
        found.setdefault(str(ticket.appointment_id), []).append(ticket)
    return found


def _plain(row: Appointment, devices: Sequence[Ticket]) -> dict[str, Any]:
    names = (
        "id", "session_id", "slot_id", "person_id", "starts_at", "ends_at", "state", "number",
        "by", "reason", "created_at", "waiver_version", "version",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"devices": list(devices)}


def _one(
    row: Appointment, devices: Sequence[Ticket], session_row: ServiceSession, at: datetime
) -> dict[str, Any]:
    until = {act: row.until(act, minutes) for act, minutes in session_row.cutoffs.items()}
    freely = row.may_leave_freely and at < row.starts_at
    can = {act: row.state == "booked" and (at <= until[act] or freely) for act in until}
    can["move"] = can["move"] and session_row.state == "published"
    more: dict[str, Any] = {"session": summary(session_row), "can": can, "until": until}
    return _plain(row, devices) | more | {"displaced": _displaced(row)}


def _displaced(row: Appointment) -> dict[str, Any] | None:
    """Return from where and when a booking was displaced, None where it was not."""
    if row.displaced_at is None or row.displaced_from is None:
        return None
    return {"from_": row.displaced_from, "at": row.displaced_at, "accepted_at": row.accepted_at}
