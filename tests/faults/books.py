"""What the databases of a suite hold, read directly: the last word on "lost" and "twice"."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from deploy.processes import SERVICES

SETTLE_SECONDS = 90.0


@dataclass(frozen=True)
class Books:
    """The databases of one suite by service."""

    engines: Mapping[str, Engine]

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Books":
        """Open the databases that the settings of a suite name."""
        urls = {name: env[f"{name.upper()}_DATABASE_URL"] for name in SERVICES}
        return cls({name: create_engine(url, poolclass=NullPool) for name, url in urls.items()})

    def rows(self, service: str, query: str, **values: Any) -> list[Any]:
        """Return the rows of a query."""
        with self.engines[service].connect() as connection:
            return list(connection.execute(text(query), values).all())

    def change(self, service: str, statement: str) -> int:
        """Change rows behind the service's back; return how many."""
        with self.engines[service].begin() as connection:
            return int(connection.execute(text(statement)).rowcount)

    def count(self, service: str, table: str, where: str = "1 = 1") -> int:
        """Count rows."""
        return int(self.rows(service, f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def confirmations(self, appointment: str) -> int:
        """Count how often somebody was told in the app that this was booked; once is right."""
        this = f"engagement_id = '{appointment}' AND template = 'appointment_booked'"
        return self.count("notify", "delivery", f"{this} AND channel = 'app'")

    def under_way(self) -> dict[str, int]:
        """Count what is still on its way, by service and table; empty when all has arrived."""
        counts = {}
        for service in SERVICES:
            counts[f"{service}.outbox"] = self.count(service, "outbox", "NOT sent")
            counts[f"{service}.retry"] = self.count(service, "retry")
        counts |= self._unheard()
        return {name: many for name, many in counts.items() if many}

    def settled(self) -> None:
        """Wait until everything has arrived; then nothing may be a dead letter."""
        eventually(lambda: not self.under_way(), self.under_way, SETTLE_SECONDS)
        assert self.dead_letters() == []

    def dead_letters(self) -> list[Any]:
        """Return service, type and reason of every dead letter."""
        query = "SELECT consumer, type, reason FROM dead_letter"
        return [tuple(row) for service in SERVICES for row in self.rows(service, query)]

    def heard(self, service: str) -> dict[str, Any]:
        """Return when the service received each event, by event id."""
        rows = self.rows(service, "SELECT event_id, received_at FROM inbox")
        return {row.event_id: row.received_at for row in rows}

    def nobody_twice(self) -> None:
        """Nobody has two live places in a session, and nobody was told the same thing twice."""
        query = "SELECT {0}, count(*) FROM {1} GROUP BY {0} HAVING count(*) > 1"
        told = query.format("occasion, recipient, channel", "delivery")
        assert self.rows("notify", told) == []
        places = query.format("person_id, session_id", "appointment WHERE state <> 'cancelled'")
        assert self.rows("booking", places) == []

    def _unheard(self) -> dict[str, int]:
        """Count, by listener, the sent events that it should have received and has not."""
        counts = {}
        heard = {name: self.heard(name) for name in SERVICES}
        wanted = {
            name: set(import_module(f"services.{name}.consumers").HANDLERS) for name in SERVICES
        }
        for sender in SERVICES:
            for row in self.rows(sender, "SELECT event_id, type FROM outbox WHERE sent"):
                for name in SERVICES:
                    if row.type in wanted[name] and row.event_id not in heard[name]:
                        key = f"{sender} → {name}"
                        counts[key] = counts.get(key, 0) + 1
        return counts

    def in_order(self, sender: str, listener: str) -> None:
        """Each thing's events reached the listener in the order of their versions."""
        heard = self.heard(listener)
        last: dict[str, Any] = {}
        for row in self.rows(sender, "SELECT event_id, aggregate FROM outbox ORDER BY id"):
            at = heard.get(row.event_id)
            if at is not None:
                assert last.get(row.aggregate, at) <= at, f"{row.aggregate} out of order"
                last[row.aggregate] = at


def eventually(
    holds: Callable[[], Any], says: Callable[[], Any] = lambda: "", seconds: float = 30.0
) -> None:
    """Wait until something holds; say what stands instead when it does not in time."""
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"not within {seconds:.0f} s: {json.dumps(says(), default=str)}")
        time.sleep(0.1)
