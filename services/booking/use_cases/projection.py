"""Booking's copies of what others announce: offerings, sessions and their staffing."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.offering import Offering
from services.booking.models.session import ServiceSession, Staffing
from services.booking.use_cases import draws, ending, enrolments, limits, policies, slots
from services.booking.use_cases.staffed import note_staffed
from shared.database import upsert_by_version


def take_offering(session: Session, id: str, version: int, values: dict[str, Any]) -> None:
    """Keep what catalog says of an offering; its skill decides whose acceptance opens slots."""
    if not upsert_by_version(session, Offering, id, version, values):
        return
    coming = select(ServiceSession).where(
        ServiceSession.offering_id == id, ServiceSession.state == "published"
    )
    for row in session.scalars(coming.order_by(ServiceSession.id).with_for_update(key_share=True)):
        if row.is_repair:
            slots.follow_staffing(session, row)


def take_session(session: Session, id: str, version: int, values: dict[str, Any]) -> None:
    """Keep what catalog says of a session; slots, bookings and seats follow at once.

    Whom it can no longer hold gives back what was counted: people's counters are locked first.
    """
    limits.lock_of(session, (Appointment.session_id == id) & Appointment.state.in_(LIVE))
    known = locked(session, id)
    ceiling = max(values["seats"], known.enrolled if known else 0)
    values = {**values, "seat_ceiling": ceiling}
    if not upsert_by_version(session, ServiceSession, id, version, values):
        return
    row = session.scalars(
        select(ServiceSession).where(ServiceSession.id == id),
        execution_options={"populate_existing": True},
    ).one()
    policies.announce(row)
    policies.apply(session, row)
    if row.state == "cancelled":
        slots.give_up_all(session, row)
        ending.end_all(session, id)
        enrolments.end_all(session, row)
    elif row.is_repair:
        slots.lay_out(session, row)
        draws.follow(session, row)
    else:
        note_staffed(session, row)
        enrolments.promote(session, row)


def take_staffing(session: Session, session_id: str, version: int, intervals: list[Any]) -> None:
    """Keep who is accepted when; open capacity follows. The session itself may come later."""
    values = {"intervals": intervals}
    if not upsert_by_version(session, Staffing, session_id, version, values, key="session_id"):
        return
    row = locked(session, session_id)
    if row is None or row.state != "published":
        return
    if row.is_repair:
        slots.follow_staffing(session, row)
    elif row.held_back:
        note_staffed(session, row)
        enrolments.promote(session, row)


def locked(session: Session, id: str) -> ServiceSession | None:
    """Lock and return our copy of a session, None where catalog has not announced it."""
    statement = (
        select(ServiceSession).where(ServiceSession.id == id).with_for_update(key_share=True)
    )
    return session.scalars(statement).one_or_none()
