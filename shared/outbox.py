"""The outbox: events stand in the same transaction as the change, a relay hands them to the bus.

The relay never gives up and never deletes what is unsent; sent rows are kept for a while (they are
the service's own history) and pruned by ``prune``.
"""

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

import structlog
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from shared import telemetry, wakeups
from shared.bus import Bus, BusAway, Message
from shared.clock import now
from shared.database import Database
from shared.locks import Place, only_one
from shared.messages import Event
from shared.tables import outbox

BATCH = 200
HELD_SECONDS = 5.0
HELD = select(outbox.c.aggregate).where(~outbox.c.sent, outbox.c.returns > 0)
KEEP_SENT = timedelta(days=30)
log = structlog.get_logger(__name__)


def announce(
    session: Session, type: str, subject: str, version: int, data: dict[str, object]
) -> str:
    """Write an event into the outbox of the session's service; return the event's id.

    It is sent if, and only if, the session's transaction commits.
    """
    service = str(session.info["service"])
    event = Event(
        type=type,
        subject=subject,
        version=version,
        data=data,
        source=f"/{service}",
        traceparent=telemetry.traceparent(),
    )
    session.execute(insert(outbox).values(row_of(event)))
    if not session.info.get("announced"):
        session.info["announced"] = True
        session.info["after_commit"].append(partial(wakeups.tell, session.info["database"]))
    return event.id


def row_of(event: Event) -> dict[str, object]:
    """Return the outbox row that belongs to ``event``."""
    return {
        "event_id": event.id,
        "type": event.type,
        "aggregate": event.subject,
        "version": event.version,
        "body": event.to_bytes(),
        "recorded_at": event.time,
        "sent": False,
    }


class Relay:
    """Hands unsent events to the bus, in the order of each aggregate's versions."""

    def __init__(self, database: Database, bus: Bus, lock_folder: Path, poll: float = 1.0) -> None:
        self._database = database
        self._bus = bus
        self._lock_folder = lock_folder
        self._poll = poll

    def run(self, stop: threading.Event) -> None:
        """Send until ``stop`` is set; only one relay of a service is active at a time."""
        while not stop.is_set():
            try:
                with only_one(self._database, "relay", self._lock_folder, stop) as place:
                    self._loop(stop, place)
            except BusAway as problem:
                log.info("relay.bus_away", service=self._database.service, error=str(problem))
                stop.wait(0.5)
            except Exception as problem:  # noqa: BLE001 - a relay outlives every outage
                log.warning("relay.waits", service=self._database.service, error=repr(problem))
                stop.wait(1.0)
        self._bus.close()  # this thread's connection

    def _loop(self, stop: threading.Event, place: Place) -> None:
        wake = wakeups.waker(self._database.service)
        place.listen(wakeups.CHANNEL)
        held_due = 0.0
        while not stop.is_set() and place():
            sent = self.run_once()
            if monotonic() >= held_due:
                self._bus.publish(())  # answers heartbeats, also when there is nothing to say
                self.run_held()
                held_due = monotonic() + HELD_SECONDS
            if sent < BATCH:
                place.rest(self._poll, wake)

    def run_once(self) -> int:
        """Send one batch, leaving out aggregates that are held back; return how many events left."""
        return self._send(outbox.c.aggregate.not_in(HELD))

    def run_held(self) -> int:
        """Try again what the bus returned, and what stands behind it; return how many events left."""
        return self._send(outbox.c.aggregate.in_(HELD))

    def _send(self, which: ColumnElement[bool]) -> int:
        columns = (outbox.c.event_id, outbox.c.type, outbox.c.aggregate, outbox.c.body)
        with self._database.reading() as session:
            rows = session.execute(
                select(*columns).where(~outbox.c.sent, which).order_by(outbox.c.id).limit(BATCH)
            ).all()
        if not rows:
            return 0
        messages = [Message(row.event_id, row.type, row.aggregate, bytes(row.body)) for row in rows]
        confirmed = self._bus.publish(messages)
        self._settle(confirmed, {row.event_id for row in rows})
        return len(confirmed)

    def _settle(self, confirmed: set[str], tried: set[str]) -> None:
        with self._database.transaction() as session:
            if confirmed:
                session.execute(
                    update(outbox)
                    .where(outbox.c.event_id.in_(confirmed), ~outbox.c.sent)
                    .values(sent=True, sent_at=now())
                )
            if held := tried - confirmed:
                session.execute(
                    update(outbox)
                    .where(outbox.c.event_id.in_(held))
                    .values(returns=outbox.c.returns + 1)
                )
                log.warning("relay.returned", service=self._database.service, count=len(held))
        telemetry.PUBLISHED.labels(self._database.service).inc(len(confirmed))


def oldest_unsent_seconds(session: Session) -> float:
    """Return the age of the oldest unsent event, 0 when there is none."""
    oldest = session.execute(
        select(outbox.c.recorded_at).where(~outbox.c.sent).order_by(outbox.c.id).limit(1)
    ).scalar_one_or_none()
    return max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0


def unsent(session: Session) -> int:
    """Count the events that wait to be sent."""
    return int(session.execute(text("SELECT count(*) FROM outbox WHERE NOT sent")).scalar_one())


def prune(database: Database) -> int:
    """Forget events that were sent long ago; return how many."""
    with database.transaction() as session:
        statement = delete(outbox).where(outbox.c.sent, outbox.c.sent_at < now() - KEEP_SENT)
        return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # DML result
