"""Which other lines that run now somebody who waits could go over to, and how many are ahead there."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.ticket import OPEN
from services.booking.models.visit import Visit
from services.booking.queries.arrivals import OPENS_BEFORE, takes_arrivals
from services.booking.queries.sessions import summary
from services.booking.queries.visits import devices_of
from shared.database import suite_time


def takes_over(row: ServiceSession, at: datetime) -> bool:
    """Tell whether people of another line may come to this session now: a repair with its doors open."""
    runs = row.is_repair and row.state == "published" and not row.trial
    return runs and takes_arrivals(row, at) and at < row.ends_at


def other_lines(session: Session, visit: Visit) -> list[dict[str, Any]]:
    """Return the sessions that take the visit's open devices now, with who would be ahead there."""
    return [
        {"session": summary(row), "ahead": _ahead(session, row, visit)}
        for row in takers(session, visit)
    ]


def takers(session: Session, visit: Visit) -> list[ServiceSession]:
    """Return those sessions alone, the soonest first."""
    at = suite_time(session)
    near = (ServiceSession.starts_at <= at + OPENS_BEFORE) & (ServiceSession.ends_at > at)
    wanted = select(ServiceSession).where(near, ServiceSession.id != visit.session_id)
    devices = devices_of(session, [visit.id]).get(visit.id, [])
    kinds = {one.category_id for one in devices if one.state in OPEN}
    return [
        row
        for row in session.scalars(wanted.order_by(ServiceSession.starts_at, ServiceSession.id))
        if takes_over(row, at) and all(row.accepts(kind) for kind in kinds)
    ]


def _ahead(session: Session, row: ServiceSession, visit: Visit) -> int:
    turn = max(visit.turn_at, row.starts_at)
    before = (Visit.session_id == row.id) & (Visit.state == "waiting") & (Visit.turn_at <= turn)
    return int(session.scalar(select(func.count()).where(before)) or 0)
