"""The one live ticket: a booking before the day, the same person in the line on the day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.live import version_of
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries import appointments, bench, custody, turns, visits
from services.booking.queries.arrivals import takes_arrivals
from services.booking.queries.line import Line, line_of
from services.booking.queries.sessions import known, summary
from shared.codes import lasting_code
from shared.database import suite_time
from shared.errors import NotFound

NUMBERS_SHOWN = 5
STEPS = {"closed": "done", "left": "cancelled"}
APPOINTMENT_STEPS = {"served": "done", "no_show": "absent"}


@dataclass(frozen=True)
class Place:
    """A live ticket as it was read, and the line of somebody who waits in one."""

    values: dict[str, Any]
    visit: Visit | None
    line: Line | None


def check_in_code(secret: bytes, appointment_id: str) -> str:
    """Return the code that proves an appointment at the desk."""
    return lasting_code(secret, f"check-in|{appointment_id}")


def found(session: Session, id: str) -> tuple[Appointment | None, Visit | None]:
    """Return the appointment and the visit that an id of either stands for."""
    visit = session.get(Visit, id)
    if visit is not None:
        own = session.get(Appointment, visit.appointment_id) if visit.appointment_id else None
        return own, visit
    appointment = session.get(Appointment, id)
    if appointment is None:
        raise NotFound
    return appointment, visits.of_appointment(session, id)


def place(
    session: Session,
    appointment: Appointment | None,
    visit: Visit | None,
    secret: bytes,
    *,
    with_key: bool = False,
    owner: bool = False,
) -> Place:
    """Read the live ticket of an appointment, a visit, or both (one of them is there).

    `owner` says that it is shown to whose devices these are: only they see pick-up codes.
    """
    stands = visit or appointment
    if stands is None:
        raise NotFound
    version = version_of(session, stands.session_id)
    row = known(session, stands.session_id)
    detail = appointments.shown(session, [appointment])[0] if appointment else None
    step = _step(appointment, visit)
    devices = _devices(session, appointment, visit)
    waits = visit is not None and visit.state == "waiting"
    values = {
        "id": appointment.id if appointment else stands.id,
        "appointment": detail,
        "visit": visits.shown(visit, ()) if visit else None,
        "session": summary(row) | {"benches": row.benches},
        "devices": devices,
        "kept": custody.kept_for(session, [one["id"] for one in devices], secret, owner=owner),
        "number": stands.number,
        "step": step,
        "check_in_code": check_in_code(secret, appointment.id) if appointment else None,
        "can": _can(detail, step, row, suite_time(session)),
        "turn": turns.of_place(session, row, appointment, visit),
        "arrival": visit.arrival if visit else None,
        "key": visit.access_key if visit and with_key else None,
        "version": version,
    }
    return Place(values, visit, line_of(session, row) if waits else None)


def told(read: Place) -> dict[str, Any]:
    """Return the ticket with what is ahead of it: the line is played when nothing is held any more."""
    line, visit = read.line, read.visit
    if line is None:
        return read.values | {"ahead": None, "ahead_numbers": [], "wait": None, "on_duty": None}
    before = line.ahead_of(visit)
    return read.values | {
        "ahead": len(before),
        "ahead_numbers": [one.number for one in before[:NUMBERS_SHOWN]],
        "wait": line.wait_of(visit),
        "on_duty": line.on_duty,
    }


def _step(appointment: Appointment | None, visit: Visit | None) -> str:
    if visit is not None:
        return STEPS.get(visit.state, visit.state)
    state = appointment.state if appointment else "booked"
    return APPOINTMENT_STEPS.get(state, state)


def _devices(
    session: Session, appointment: Appointment | None, visit: Visit | None
) -> list[dict[str, Any]]:
    mine = Ticket.visit_id == visit.id if visit else Ticket.appointment_id == _id(appointment)
    rows = session.scalars(select(Ticket).where(mine).order_by(Ticket.id)).all()
    number = visit.number if visit else None
    return bench.for_owner(session, rows, number)


def _id(row: Appointment | None) -> str:
    return row.id if row else ""


def _can(
    detail: dict[str, Any] | None, step: str, row: ServiceSession, at: datetime
) -> dict[str, bool]:
    can = {"move": False, "cancel": False, **(detail["can"] if detail else {})}
    here = row.state == "published" and takes_arrivals(row, at)
    return can | {"check_in": here and step in ("booked", "absent")}
