"""Keeping what a desk does, so that a wrong tap can be taken back (undo.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.tap import Tap
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from shared.clock import iso
from shared.database import suite_time
from shared.ids import new_id

VISIT = (
    "session_id", "appointment_id", "number", "state", "bench", "calls", "slot_starts_at",
    "turn_at", "arrived_at", "recorded_at", "called_at", "absent_at", "closed_at", "told_low",
    "told_high", "waited", "level_low", "level_high", "resumed", "late_minutes", "away_minutes", "snoozes",
    "snoozed_until", "snoozed_from", "switches", "paused_at", "ended_by",
)  # fmt: skip
TICKET = (
    "session_id", "visit_id", "state", "status", "barrier", "bench", "volunteer_id", "started_at",
    "closed_at", "paused_at",
)  # fmt: skip
APPOINTMENT = ("state", "number", "by", "reason")


@contextmanager
def undoable(
    session: Session, act: str, visit_id: str, actor_id: str, ticket_id: str | None = None
) -> Iterator[None]:
    """Keep what is done inside so that it can be taken back."""
    before = standing(session, visit_id)
    yield
    keep(session, act, before, visit_id, actor_id=actor_id, ticket_id=ticket_id)


def standing(session: Session, visit_id: str) -> dict[str, Any]:
    """Return how a visit, its devices and its booking stand; nothing is locked by looking."""
    found = rows_of(session, visit_id)
    return {
        "visit": _values(found["visit"], VISIT),
        "tickets": {id: _values(row, TICKET) for id, row in found["tickets"].items()},
        "appointment": _values(found["appointment"], APPOINTMENT) if found["appointment"] else None,
        "versions": versions_of(found),
    }


def keep(
    session: Session,
    act: str,
    before: dict[str, Any],
    visit_id: str,
    *,
    actor_id: str,
    ticket_id: str | None = None,
) -> None:
    """Keep an act that has been done, unless somebody else came in between or nothing was changed."""
    session.flush()
    found = rows_of(session, visit_id)
    after, visit = versions_of(found), found["visit"]
    if after == before["versions"] or after["visit"] > before["versions"]["visit"] + 1:
        return
    session.add(
        Tap(
            id=new_id(),
            session_id=visit.session_id,
            actor_id=actor_id,
            act=act,
            visit_id=visit_id,
            ticket_id=ticket_id,
            number=visit.number,
            bench=visit.bench or before["visit"]["bench"],
            before=before,
            after=after,
            at=suite_time(session),
        )
    )
    session.flush()


def keep_call(session: Session, visit: Visit, actor_id: str) -> None:
    """Keep a call: before it the visit waited."""
    before = standing(session, visit.id)
    calls = visit.calls - 1
    before["visit"] |= {"state": "waiting", "bench": None, "calls": calls, "called_at": None}
    if not calls:
        before["visit"]["waited"] = None
    before["versions"] = {**before["versions"], "visit": visit.version - 1}
    keep(session, "call", before, visit.id, actor_id=actor_id)


def keep_arrival(session: Session, visit: Visit, actor_id: str) -> None:
    """Keep an arrival: before it there was no visit; its number is not given twice."""
    before = standing(session, visit.id)
    at = iso(suite_time(session))
    before["visit"] |= {"state": "left", "appointment_id": None, "closed_at": at}
    booked = before["appointment"] is not None
    gone = {"visit_id": None} if booked else {"state": "cancelled"}
    before["tickets"] = {id: values | gone for id, values in before["tickets"].items()}
    if booked:
        before["appointment"] |= {"state": "booked", "number": None}
    before["versions"] = {**before["versions"], "visit": visit.version - 1}
    act = "check_in" if booked else "walk_in"
    keep(session, act, before, visit.id, actor_id=actor_id)


def rows_of(session: Session, visit_id: str) -> dict[str, Any]:
    """Return a visit, its devices and its booking as they stand in the database."""
    fresh = {"populate_existing": True}
    visit = session.scalars(
        select(Visit).where(Visit.id == visit_id), execution_options=fresh
    ).one()
    mine = Ticket.visit_id == visit_id
    tickets = session.scalars(
        select(Ticket).where(mine).order_by(Ticket.id), execution_options=fresh
    )
    which = select(Appointment).where(Appointment.id == visit.appointment_id)
    booking = session.scalars(which, execution_options=fresh).one_or_none()
    return {"visit": visit, "tickets": {row.id: row for row in tickets}, "appointment": booking}


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {n: iso(v) if isinstance(v, datetime) else v for n, v in values.items()}


def versions_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return the versions of those rows."""
    booking = found["appointment"]
    return {
        "visit": found["visit"].version,
        "tickets": {id: row.version for id, row in found["tickets"].items()},
        "appointment": [booking.id, booking.version] if booking else None,
    }
