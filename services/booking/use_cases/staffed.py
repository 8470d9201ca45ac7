"""Sessions that open for booking only once every shift has its minimum of volunteers."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking.models.live import touch
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.slot import Slot
from shared.database import suite_time


def note_staffed(session: Session, row: ServiceSession) -> None:
    """Open a (locked) session that waited for its minimum, once that is there.

    It does not close again: who drops out later shrinks it as any other session. One that has
    people already is open, whatever catalog says later.
    """
    if not row.held_back:
        return
    staffing = session.get(Staffing, row.id, populate_existing=True)
    if (staffing is not None and staffing.is_full) or _has_people(session, row):
        row.staffed_at = suite_time(session)
        session.flush()
        touch(session, row.id)


def _has_people(session: Session, row: ServiceSession) -> bool:
    booked = exists().where(Slot.session_id == row.id, Slot.taken > 0)
    return row.enrolled > 0 or bool(session.scalar(select(booked)))
