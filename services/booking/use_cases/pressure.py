"""Watching live lines: when waiting passes the limit of a line's rules, others are told (`queue.pressure`)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.booking.models.pressure import Measure, QueuePressure
from services.booking.models.session import ServiceSession
from services.booking.queries.line import line_of
from services.booking.queries.line_policy import rules_of
from shared.clock import iso
from shared.database import Database, insert_if_absent, suite_now, suite_time
from shared.outbox import announce

TYPE = "queue.pressure.v1"
HIGH, EASED = "high", "eased"
OVER = Measure(waiting=0, wait=None, limit=None)  # a line that runs no more presses nobody


@dataclass(frozen=True)
class Seen:
    """A line as it was measured; nothing is held while its range is played."""

    session_id: str
    measure: Measure
    on_duty: int
    benches: int


def watch_pressure(database: Database) -> int:
    """Measure every live line and note what it shows; return how many turned."""
    with database.reading() as session:
        watched = _watched(session)
    return sum(_note(database, _measured(database, id)) for id in watched)


def _watched(session: Session) -> list[str]:
    """Return the sessions that run, and those whose pressure has not been told to be over."""
    at = suite_now()
    runs = (
        (ServiceSession.state == "published")
        & (ServiceSession.kind == "repair")
        & (ServiceSession.starts_at <= at)
        & (ServiceSession.ends_at > at)
    )
    pressed = ServiceSession.id.in_(select(QueuePressure.session_id).where(QueuePressure.high))
    found = select(ServiceSession.id).where(or_(runs, pressed)).order_by(ServiceSession.id)
    return list(session.scalars(found))


def _measured(database: Database, session_id: str) -> Seen:
    with database.reading() as session:
        row = session.get_one(ServiceSession, session_id)
        at, limit = suite_time(session), rules_of(session, row).help_minutes
        if row.state != "published" or not row.starts_at <= at < row.ends_at:
            return Seen(session_id, OVER, 0, 0)
        line = line_of(session, row)
    told = line.wait_of(None) if line.waiting else None
    wait = (told.low, told.high) if told else None
    return Seen(session_id, Measure(len(line.waiting), wait, limit), line.on_duty, row.benches)


def _note(database: Database, seen: Seen) -> bool:
    """Note it under the row's lock: of two workers that measure at once, one tells."""
    with database.transaction() as session:
        lock = select(QueuePressure).where(QueuePressure.session_id == seen.session_id)
        row = session.scalars(lock.with_for_update()).one_or_none()
        if row is None:
            if not seen.measure.above:
                return False
            first = {"session_id": seen.session_id, "version": 0, "high": False}
            insert_if_absent(session, QueuePressure, first, key=["session_id"])
            row = session.scalars(lock.with_for_update()).one()
        turned = row.turns(seen.measure, suite_time(session))
        if turned:
            _tell(session, row, seen)
        return turned


def _tell(session: Session, row: QueuePressure, seen: Seen) -> None:
    wait = seen.measure.wait or (None, None)
    data: dict[str, Any] = {
        "session_id": row.session_id,
        "state": HIGH if row.high else EASED,
        "low": wait[0],
        "high": wait[1],
        "limit": seen.measure.limit,
        "waiting": seen.measure.waiting,
        "free_benches": max(seen.benches - seen.on_duty, 0),
        "at": iso(suite_time(session)),
    }
    announce(session, TYPE, row.session_id, row.version, data)
