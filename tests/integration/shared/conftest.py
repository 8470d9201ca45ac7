"""Databases that hold the plumbing's tables only, and both kinds of bus."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.bus import Bus, connect_bus
from shared.database import Database
from shared.inbox import Consumer, Handler
from shared.migrations import PG_SUITE_NOW
from shared.outbox import Relay
from shared.tables import plumbing
from tests.support.databases import Databases

MakeDatabase = Callable[[str], Database]


@pytest.fixture
def plumbed(dialect: str, databases: Databases) -> MakeDatabase:
    """`plumbed("alpha")` → a database of the service alpha with the plumbing's tables alone."""

    def make(service: str) -> Database:
        database = databases.open(service, url=databases.url(None, dialect))
        with database.engine.begin() as connection:
            if dialect == "postgresql":
                connection.execute(text(PG_SUITE_NOW))
            plumbing.create_all(connection)
        return database

    return make


@pytest.fixture(params=["inprocess", "rabbitmq"])
def bus(request: pytest.FixtureRequest) -> Iterator[Bus]:
    """Each kind of bus in turn."""
    url = "inprocess://"
    if request.param == "rabbitmq":
        url = request.getfixturevalue("rabbitmq_url")
    made = connect_bus(url)
    yield made
    made.close()


class Line:
    """A sender and a listener with everything between them, in threads."""

    def __init__(self, sender: Database, listener: Database, bus: Bus, folder: Path) -> None:
        self.sender = sender
        self.listener = listener
        self.bus = bus
        self.relay = Relay(sender, bus, folder)
        self.stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def listen(self, handlers: dict[str, Handler]) -> Consumer:
        """Start a consumer with these handlers."""
        consumer = Consumer(self.listener.service, self.listener, handlers)
        self.bus.declare(consumer.service, consumer.types)
        self._start(lambda: self.bus.consume(consumer.service, consumer.types, consumer, self.stop))
        return consumer

    def send(self) -> None:
        """Start the relay."""
        self._start(lambda: self.relay.run(self.stop))

    def end(self) -> None:
        """Stop everything that was started."""
        self.stop.set()
        for thread in self._threads:
            thread.join(5)

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()


@pytest.fixture
def line(plumbed: MakeDatabase, bus: Bus, tmp_path: Path) -> Iterator[Line]:
    """`alpha` sends to `beta`, on both kinds of database and over both kinds of bus."""
    made = Line(plumbed("alpha"), plumbed("beta"), bus, tmp_path)
    yield made
    made.end()
