"""The inbox: every message is handled once, in one transaction, whatever the bus repeats.

Transient failures wait in the retry table with jittered backoff; unreadable or rule-breaking
messages go to the dead letters, which an operator can show, replay and drop. A message counts as
received when it stands in one of the three; only then is it acknowledged.
"""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from shared import telemetry
from shared.clock import now
from shared.database import Database, insert_if_absent
from shared.errors import Refusal
from shared.ids import new_id
from shared.messages import Event, Unreadable, from_bytes
from shared.tables import dead_letter, inbox, retry

Handler = Callable[[Session, Event], None]
MAX_ATTEMPTS = 30
FIRST_DELAY = 0.2
LONGEST_DELAY = 60.0
log = structlog.get_logger(__name__)


class NotYet(Exception):
    """Something the handler needs has not arrived yet: try again a little later."""


class Consumer:
    """Takes a service's messages; ``handlers`` is its table of event type → function."""

    def __init__(self, service: str, database: Database, handlers: Mapping[str, Handler]) -> None:
        self.service = service
        self.types = sorted(handlers)
        self._database = database
        self._handlers = handlers

    def ready(self) -> None:
        """Raise while this service's database is away: then nothing is taken from the bus."""
        self._database.ready()

    def receive(self, body: bytes) -> None:
        """Handle a message, or keep it for later, or lay it aside; raise if nothing was possible."""
        try:
            event = from_bytes(body)
        except Unreadable as problem:
            self._bury(None, body, f"unreadable: {problem}")
            return
        try:
            self._handle(event)
        except Refusal as problem:
            self._bury(event, body, f"rule broken: {problem}")
        except Exception as problem:  # noqa: BLE001 - everything else may pass: wait and try again
            self._postpone(event, body, repr(problem))  # raises when the database is away

    def retry_due(self, limit: int = 50) -> int:
        """Try again the messages whose wait is over; return how many were tried."""
        with self._database.reading() as session:
            rows = session.execute(
                select(retry)
                .where(retry.c.consumer == self.service, retry.c.next_at <= now())
                .order_by(retry.c.next_at)
                .limit(limit)
            ).all()
        for row in rows:
            self._try_again(row)
        return len(rows)

    def _handle(self, event: Event, after: Callable[[Session], None] | None = None) -> None:
        handler = self._handlers.get(event.type)
        with self._database.transaction() as session, telemetry.follow(event.traceparent):
            if after:
                after(session)
            values = {"consumer": self.service, "event_id": event.id, "received_at": now()}
            if not insert_if_absent(session, inbox, values, key=["consumer", "event_id"]):
                telemetry.CONSUMED.labels(self.service, "repeated").inc()
                return
            if handler is not None:
                handler(session, event)
        telemetry.CONSUMED.labels(self.service, "handled").inc()

    def _try_again(self, row: Any) -> None:
        event = from_bytes(bytes(row.body))
        mine = (retry.c.consumer == self.service) & (retry.c.event_id == row.event_id)
        try:
            self._handle(event, lambda session: _forget(session, mine))
        except Refusal as problem:
            self._bury(event, bytes(row.body), f"rule broken: {problem}", mine)
        except Exception as problem:  # noqa: BLE001 - as in receive
            if row.attempts + 1 >= MAX_ATTEMPTS:
                self._bury(event, bytes(row.body), f"gave up: {problem!r}", mine)
                return
            with self._database.transaction() as session:
                session.execute(
                    update(retry)
                    .where(mine)
                    .values(
                        attempts=row.attempts + 1,
                        next_at=now() + backoff(row.attempts + 1),
                        error=repr(problem)[:2000],
                    )
                )

    def _postpone(self, event: Event, body: bytes, error: str) -> None:
        log.info("inbox.postponed", service=self.service, type=event.type, event_id=event.id)
        values = {
            "consumer": self.service,
            "event_id": event.id,
            "type": event.type,
            "body": body,
            "attempts": 1,
            "first_at": now(),
            "next_at": now() + backoff(1),
            "error": error[:2000],
        }
        with self._database.transaction() as session:
            insert_if_absent(session, retry, values, key=["consumer", "event_id"])
        telemetry.CONSUMED.labels(self.service, "postponed").inc()

    def _bury(
        self, event: Event | None, body: bytes, reason: str, out_of_retry: Any = None
    ) -> None:
        log.warning("inbox.buried", service=self.service, type=event and event.type, reason=reason)
        with self._database.transaction() as session:
            if out_of_retry is not None:
                _forget(session, out_of_retry)
            if event is not None and _buried(session, self.service, event.id):
                return
            session.execute(
                insert(dead_letter).values(
                    id=new_id(),
                    consumer=self.service,
                    event_id=event.id if event else None,
                    type=event.type if event else None,
                    body=body,
                    reason=reason[:2000],
                    died_at=now(),
                )
            )
        telemetry.CONSUMED.labels(self.service, "buried").inc()


def backoff(attempt: int) -> timedelta:
    """Return the wait before the next attempt: doubling, capped, with full jitter above half."""
    longest = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempt, 16))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - no secret


def show(session: Session, consumer: str) -> list[dict[str, Any]]:
    """List the dead letters of ``consumer``, oldest first."""
    rows = session.execute(
        select(dead_letter)
        .where(dead_letter.c.consumer == consumer)
        .order_by(dead_letter.c.died_at, dead_letter.c.id)
    )
    return [dict(row) for row in rows.mappings()]


def replay(consumer: Consumer, database: Database, letter_id: str) -> bool:
    """Handle a dead letter again; it comes back as a new letter if it still cannot be handled."""
    with database.transaction() as session:
        body = session.execute(
            delete(dead_letter).where(dead_letter.c.id == letter_id).returning(dead_letter.c.body)
        ).scalar_one_or_none()
        if body is None:
            return False
        session.execute(insert(retry).values(_retry_row(consumer.service, letter_id, bytes(body))))
    consumer.retry_due()
    return True


def drop(session: Session, letter_id: str) -> bool:
    """Forget a dead letter for good; return whether there was one."""
    result = session.execute(delete(dead_letter).where(dead_letter.c.id == letter_id))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # DML result


def _retry_row(consumer: str, letter_id: str, body: bytes) -> dict[str, Any]:
    event = from_bytes(body)
    return {
        "consumer": consumer,
        "event_id": event.id,
        "type": event.type,
        "body": body,
        "attempts": 0,
        "first_at": now(),
        "next_at": now(),
        "error": f"replayed from dead letter {letter_id}",
    }


def _forget(session: Session, which: Any) -> None:
    session.execute(delete(retry).where(which))


def _buried(session: Session, consumer: str, event_id: str) -> bool:
    which = (dead_letter.c.consumer == consumer) & (dead_letter.c.event_id == event_id)
    return session.execute(select(dead_letter.c.id).where(which)).first() is not None
