"""Reads about sessions: their slots, what is free in many of them, how many people one holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.enrolment import SEATED, Enrolment
from services.booking.models.offering import Offering
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE as WAITS
from services.booking.models.waitlist import WaitlistEntry
from shared.database import suite_time
from shared.errors import NotFound


def known(session: Session, session_id: str) -> ServiceSession:
    """Return our copy of a session."""
    row = session.get(ServiceSession, session_id)
    if row is None:
        raise NotFound
    return row


def summary(row: ServiceSession) -> dict[str, Any]:
    """Return what a booking shows of its session."""
    names = ("id", "kind", "title", "venue_name", "venue_place", "zone", "starts_at", "ends_at")
    return {name: getattr(row, name) for name in (*names, "state", "trial")}


def slots_of(session: Session, session_id: str) -> dict[str, Any]:
    """Return a session's slots in order, with the state of its booking."""
    row = known(session, session_id)
    at = suite_time(session)
    statement = select(Slot).where(Slot.session_id == session_id, ~Slot.retired)
    slots = session.scalars(statement.order_by(Slot.position)).all()
    opened = any(slot.open_capacity for slot in slots)
    shown = [
        {
            "id": slot.id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "physical_capacity": slot.physical_capacity,
            "open_capacity": slot.open_capacity,
            "taken": slot.taken,
            "free": slot.free if slot.state_at(at, row.notice_minutes) == "free" else 0,
            "state": slot.state_at(at, row.notice_minutes),
        }
        for slot in slots
    ]
    state = row.booking_state(at, opened=opened or not row.is_repair)
    waiting = _waiting(session, [session_id]).get(session_id, 0)
    return {"session_id": session_id, "state": state, "slots": shown, "waiting": waiting}


def availability(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is free in each of `ids` that we know, in their order; five statements in all."""
    at = suite_time(session)
    rows = session.execute(
        select(ServiceSession, Offering.skill, Staffing.intervals)
        .outerjoin(Offering, Offering.id == ServiceSession.offering_id)
        .outerjoin(Staffing, Staffing.session_id == ServiceSession.id)
        .where(ServiceSession.id.in_(ids))
    ).all()
    slots = _slot_sums(session, _bookable_from(at, [one[0] for one in rows]))
    waiting = _waitlisted(session, ids) | _waiting(session, ids)
    items = {
        row.id: _item(row, at, slots.get(row.id, (0, 0, 0)), waiting.get(row.id, 0))
        | {"volunteers": _volunteers(intervals or [], skill)}
        for row, skill, intervals in rows
    }
    return [items[id] for id in dict.fromkeys(ids) if id in items]


def audience(session: Session, session_id: str) -> dict[str, int]:
    """Count who would be told of a change: live appointments, enrolments, people."""
    known(session, session_id)
    booked = select(Appointment.person_id).where(
        Appointment.session_id == session_id, Appointment.state.in_(("booked", "arrived"))
    )
    enrolled = select(Enrolment.person_id).where(
        Enrolment.session_id == session_id, Enrolment.state.in_((*SEATED, "waitlisted"))
    )
    first, second = session.scalars(booked).all(), session.scalars(enrolled).all()
    return {
        "appointments": len(first),
        "enrolments": len(second),
        "people": len({*first, *second}),
    }


def _item(
    row: ServiceSession, at: datetime, sums: tuple[int, int, int], waitlisted: int
) -> dict[str, Any]:
    if row.is_repair:
        capacity, taken, free = sums
    else:
        capacity, taken = row.seats, row.enrolled
        free = max(0, capacity - taken)
    state = row.booking_state(at, opened=capacity > 0 or not row.is_repair)
    if state != "open":
        free = 0
    return {
        "session_id": row.id,
        "kind": row.kind,
        "state": state,
        "capacity": capacity,
        "taken": taken,
        "free": free,
        "waitlisted": waitlisted,
    }


def _bookable_from(at: datetime, rows: Sequence[ServiceSession]) -> dict[datetime, list[str]]:
    """Return the sessions by the moment after which a slot must start to be booked now."""
    found: dict[datetime, list[str]] = {}
    for row in rows:
        found.setdefault(at + timedelta(minutes=row.notice_minutes), []).append(row.id)
    return found


def _slot_sums(
    session: Session, bookable: dict[datetime, list[str]]
) -> dict[str, tuple[int, int, int]]:
    ids = [id for those in bookable.values() for id in those]
    room = Slot.open_capacity - Slot.taken - Slot.held
    free = case((room > 0, room), else_=0)
    from_then = [
        (Slot.session_id.in_(those) & (Slot.starts_at > at), free) for at, those in bookable.items()
    ]
    coming = case(*from_then, else_=0) if from_then else free
    statement = (
        select(
            Slot.session_id, func.sum(Slot.open_capacity), func.sum(Slot.taken), func.sum(coming)
        )
        .where(Slot.session_id.in_(ids), ~Slot.retired)
        .group_by(Slot.session_id)
    )
    return {id: (int(a), int(b), int(c)) for id, a, b, c in session.execute(statement)}


def _waitlisted(session: Session, ids: Sequence[str]) -> dict[str, int]:
    statement = (
        select(Enrolment.session_id, func.count())
        .where(Enrolment.session_id.in_(ids), Enrolment.state == "waitlisted")
        .group_by(Enrolment.session_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _waiting(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Count who waits for a full slot, by session."""
    statement = (
        select(WaitlistEntry.session_id, func.count())
        .where(WaitlistEntry.session_id.in_(ids), WaitlistEntry.state.in_(WAITS))
        .group_by(WaitlistEntry.session_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _volunteers(intervals: Sequence[dict[str, Any]], skill: str | None) -> int:
    """Return the most volunteers that are accepted at one time."""
    counts = [one["accepted"] for one in intervals if skill is None or one["skill"] == skill]
    return max(counts, default=0)
