"""What only time brings to the waitlist: offers that end, waits that are of no use any more.

A timer calls this every few seconds. It also offers places that no act could: those of a person who
was busy elsewhere, and of a session that has opened meanwhile.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from services.booking.models.appointment import LIVE as APPOINTMENT_LIVE
from services.booking.models.appointment import Appointment
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import OF_USE, WaitlistEntry
from services.booking.use_cases import waitlist
from services.booking.use_cases.waitlist_offers import promote
from shared.database import Database, suite_now, suite_time

OVER = (WaitlistEntry.state == "offered") & (WaitlistEntry.expires_at <= suite_now())


def expire_offers(database: Database) -> int:
    """End offers whose time is over and offer the places on; return how many ended."""
    with database.reading() as session:
        due = sorted(set(session.scalars(select(WaitlistEntry.session_id).where(OVER))))
    ended = 0
    for session_id in due:
        with database.transaction() as session:
            row = waitlist.locked(session, session_id)
            mine = select(WaitlistEntry).where(OVER, WaitlistEntry.session_id == session_id)
            for entry in session.scalars(mine.order_by(WaitlistEntry.rank)).all():
                waitlist.end(session, entry, "expired")
                ended += 1
            promote(session, row)
            touch(session, session_id)
    return ended


def tend_waiting(database: Database) -> int:
    """End waits that nothing can come of, offer what lies free; return how many changed."""
    with database.reading() as session:
        due = _due(session, suite_time(session))
    changed = 0
    for session_id in due:
        with database.transaction() as session:
            row = waitlist.locked(session, session_id)
            count = _end_useless(session, row) + promote(session, row)
            if count:
                touch(session, session_id)
            changed += count
    return changed


def _due(session: Session, at: datetime) -> list[str]:
    coming = (Slot.session_id == WaitlistEntry.session_id) & ~Slot.retired
    free = coming & (Slot.open_capacity > Slot.taken + Slot.held) & (Slot.starts_at >= at + OF_USE)
    useful = coming & (Slot.starts_at >= at + OF_USE)
    wanted = (
        select(WaitlistEntry.session_id)
        .where(WaitlistEntry.state == "waiting")
        .where(or_(exists().where(free), ~exists().where(useful), exists().where(_booked())))
    )
    return sorted(set(session.scalars(wanted)))


def _booked() -> ColumnElement[bool]:
    """Whoever has a booking in the session they wait for."""
    return (
        (Appointment.session_id == WaitlistEntry.session_id)
        & (Appointment.person_id == WaitlistEntry.person_id)
        & Appointment.state.in_(APPOINTMENT_LIVE)
    )


def _end_useless(session: Session, row: ServiceSession) -> int:
    at = suite_time(session)
    useful = select(Slot.id).where(
        Slot.session_id == row.id, ~Slot.retired, Slot.starts_at >= at + OF_USE
    )
    over = session.scalars(useful.limit(1)).first() is None
    waiting = select(WaitlistEntry).where(
        WaitlistEntry.session_id == row.id, WaitlistEntry.state == "waiting"
    )
    booked = waiting.where(exists().where(_booked()))
    found = session.scalars(waiting if over else booked).all()
    for entry in found:
        waitlist.end(session, entry, "over" if over else "left")
    return len(found)
