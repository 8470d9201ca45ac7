"""One service as its entry points wire it, on a fresh database, with everything a test asks of it."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from shared.database import Database
from shared.ids import new_id
from shared.inbox import Consumer
from shared.messages import Event, from_bytes
from shared.tables import dead_letter, outbox, retry
from tests.support.clients import ApiClient
from tests.support.people import People, TestPerson


def environment(name: str, url: str, folder: Path, keys: Path) -> dict[str, str]:
    """Return the environment a service reads its settings from in a test."""
    (folder / "data").mkdir(exist_ok=True)
    return {
        f"{name.upper()}_DATABASE_URL": url,
        "BUS_URL": "inprocess://",
        "DATA_DIR": str(folder / "data"),
        "TOKEN_KEYS": str(keys),
        "PUBLIC_URL": "http://localhost:8000",
        "SMTP_URL": f"drop://{folder}/mail",
        "DEMO": "1",
    }


@dataclass(frozen=True)
class Service:
    """A service under test: its settings, database, application and consumer."""

    name: str
    settings: Any
    database: Database
    app: Flask
    people: People

    def client(self, person: TestPerson | None = None, locale: str = "zh") -> ApiClient:
        """Return a client that asks as this person."""
        return ApiClient(self.app, self.name, person, locale)

    def as_(self, role: str, locale: str = "zh") -> ApiClient:
        """Return a client that asks as a new person of this role."""
        return self.client(self.people.new(role), locale)

    def deliver(
        self,
        type: str,
        subject: str,
        version: int,
        data: dict[str, Any],
        *,
        id: str | None = None,
        source: str = "/test",
    ) -> Event:
        """Bring the service a message as the bus would; it may end handled, waiting or dead."""
        event = Event(type, subject, version, data, source, id=id or new_id())
        self.consumer().receive(event.to_bytes())
        return event

    def consumer(self) -> Consumer:
        """Return the service's consumer."""
        handlers = import_module(f"services.{self.name}.consumers").HANDLERS
        return Consumer(self.name, self.database, handlers)

    def announced(self, type: str | None = None) -> list[Event]:
        """Return the events the service has announced, oldest first."""
        with self.database.reading() as session:
            bodies = session.scalars(select(outbox.c.body).order_by(outbox.c.id)).all()
        events = [from_bytes(bytes(body)) for body in bodies]
        return [event for event in events if type in (None, event.type)]

    def waiting(self) -> int:
        """Count the messages that wait to be tried again."""
        with self.database.reading() as session:
            return len(session.execute(select(retry)).all())

    def dead_letters(self) -> list[str]:
        """Return why each dead letter of the service died."""
        with self.database.reading() as session:
            return list(session.scalars(select(dead_letter.c.reason)))


def wire(name: str, database: Database, url: str, folder: Path, people: People) -> Service:
    """Wire a service from its settings as its `wsgi.py` does."""
    env = environment(name, url, folder, people.folder)
    settings = import_module(f"services.{name}.settings").read_settings(env)
    app = import_module(f"services.{name}.app").create_app(settings, database)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a crash is a 500 in tests too
    return Service(name, settings, database, app, people)
