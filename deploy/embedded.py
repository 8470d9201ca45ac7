"""The whole suite inside one process: every service, web, live pages, workers and timers."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from shared import outbox
from shared.auth import ensure_keys
from shared.bus import InProcessBus
from shared.database import Database
from shared.migrations import upgrade
from shared.settings import configure_clock
from shared.worker import Worker

SERVICES = ("identity", "catalog", "roster", "booking", "notify")
POOL = 16
STREAM_PATH = "/live/"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Part:
    """One service in this process."""

    settings: Any
    database: Database
    app: Any
    worker: Worker


class Suite:
    """Every part of the suite, wired through an in-process bus; ``wsgi`` answers for all of them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.bus = InProcessBus()
        self.parts: dict[str, Part] = {}
        for name in SERVICES:
            self.parts[name] = self._part(name)
        # identity is reached through the front, which vouches for the client's address
        self._direct = self.parts.keys() - {"identity"}
        web = import_module("services.web.app")
        settings = import_module("services.web.settings").read_settings(env)
        transports = {name: part.app for name, part in self.parts.items()}
        self.web: Wsgi = web.create_app(settings, transports)
        booking = self.parts["booking"]
        streams = max(2, booking.settings.threads // 2)
        live = import_module("services.booking.live")
        self.live: Any = live.create_live_app(booking.database, streams)

    def people(self) -> None:
        """Make the demo's people where they are missing."""
        first = import_module("services.identity.use_cases.first_people")
        with self.parts["identity"].database.transaction() as session:
            first.ensure_demo_people(session, demo=self.parts["identity"].settings.demo)

    def start(self) -> None:
        """Declare every queue, then start every worker."""
        for part in self.parts.values():
            part.worker.declare()
        for part in self.parts.values():
            part.worker.start()

    def end_streams(self) -> None:
        """End every live stream; pages come back by themselves."""
        self.live.extensions["live"].close()

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until every event has left its outbox."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and any(_unsent(part) for part in self.parts.values()):
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the workers and close the databases."""
        stoppers = [threading.Thread(target=part.worker.stop) for part in self.parts.values()]
        for stopper in stoppers:
            stopper.start()
        for stopper in stoppers:
            stopper.join()
        for part in self.parts.values():
            part.database.dispose()

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Give a request to the part that it is for."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(STREAM_PATH):
            return self.live(environ, start_response)  # type: ignore[no-any-return]
        words = path.split("/", 3)
        if len(words) > 2 and words[1] == "api" and words[2] in self._direct:
            return self.parts[words[2]].app(environ, start_response)  # type: ignore[no-any-return]
        return self.web(environ, start_response)

    def _part(self, name: str) -> Part:
        settings = import_module(f"services.{name}.settings").read_settings(self._env)
        database = Database(settings.database_url, name, pool_size=POOL)
        upgrade(f"services.{name}", database)
        module = import_module(f"services.{name}.app")
        app = module.create_app(settings, database)
        worker = module.create_worker(settings, self.bus, database)
        return Part(settings, database, app, worker)


def _unsent(part: Part) -> int:
    with part.database.reading() as session:
        return outbox.unsent(session)


def prepare(env: Mapping[str, str]) -> None:
    """Make the folders and keys that the suite of ``env`` needs, and set this process's clock."""
    data = Path(env["DATA_DIR"])
    data.mkdir(parents=True, exist_ok=True)
    ensure_keys(Path(env["TOKEN_KEYS"]))
    settings = import_module("services.catalog.settings").read_settings(env)
    configure_clock(settings)


def environment(data: Path, port: int, given: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of an embedded suite in the folder ``data`` at ``port``.

    What ``given`` sets stands, except where the databases and the bus are.
    """
    own = {
        "DATA_DIR": str(data),
        "TOKEN_KEYS": str(data / "keys"),
        "FRONT_SECRET_FILE": str(data / "keys" / "front.secret"),
        "PUBLIC_URL": f"http://localhost:{port}",
        "THREADS": "32",
        "SMTP_URL": f"drop://{(data / 'mail').resolve()}",
    }
    embedded = {
        f"{name.upper()}_DATABASE_URL": f"sqlite:///{data / name}.sqlite" for name in SERVICES
    }
    return {**own, **given, **embedded, "BUS_URL": "inprocess://"}
