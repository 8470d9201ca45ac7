"""Reads that the staffing of a session is counted from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster.models import Assignment, Shift
from services.roster.models.assignment import LIVE
from services.roster.models.shift import OPEN
from services.roster.models.staffing import Interval, Need, Service, staffing_intervals


def staffing_of(session: Session, session_id: str) -> list[Interval]:
    """Return who is there when in a session: its open shifts and their live assignments."""
    needs = session.execute(
        select(Shift.starts_at, Shift.ends_at, Shift.skill, Shift.needed).where(
            Shift.session_id == session_id, Shift.state == OPEN
        )
    )
    services = session.execute(
        select(
            Assignment.starts_at,
            Assignment.ends_at,
            Shift.skill,
            Assignment.checked_in_at,
            Assignment.checked_out_at,
        )
        .join(Shift, Shift.id == Assignment.shift_id)
        .where(
            Assignment.session_id == session_id,
            Assignment.state.in_(LIVE),
            Shift.state == OPEN,
        )
    )
    return staffing_intervals(
        [Need(*row) for row in needs.tuples()], [Service(*row) for row in services.tuples()]
    )
