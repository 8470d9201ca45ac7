"""Noting, after a session, who had booked and did not come; whoever still arrives is taken in."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.models.appointment import Appointment
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from shared.database import suite_time

AFTER = timedelta(hours=1)
AT_ONCE = 200


def note_missed(session: Session) -> int:
    """Mark the bookings of sessions that are over and nobody came for; return how many."""
    over = suite_time(session) - AFTER
    waiting = (
        select(Appointment)
        .join(ServiceSession, ServiceSession.id == Appointment.session_id)
        .where(Appointment.state == "booked", ServiceSession.ends_at < over)
        .order_by(Appointment.id)
        .limit(AT_ONCE)
    )
    missed = [row for row in session.scalars(waiting).all() if _mark(session, row)]
    for session_id in sorted({row.session_id for row in missed}):
        touch(session, session_id)
    return len(missed)


def _mark(session: Session, row: Appointment) -> bool:
    guard = (Appointment.version == row.version) & (Appointment.state == "booked")
    statement = (
        update(Appointment)
        .where(Appointment.id == row.id, guard)
        .values(state="no_show", version=row.version + 1)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]  # DML result
        return False  # who arrived in this moment has come
    session.refresh(row)
    events.appointment(session, "missed", row)
    return True
