"""One of us at a time: an advisory lock on PostgreSQL, a locked file beside SQLite."""

import fcntl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, text

from shared.database import Database

RETRY_SECONDS = 1.0
SLICE_SECONDS = 0.25


class Place:
    """The place that one of us holds; calling it tells whether it is still ours."""

    def __init__(self, *, held: bool) -> None:
        self._held = held

    def __call__(self) -> bool:
        """Tell whether the place is still ours; raise where that cannot be known."""
        return self._held

    def listen(self, channel: str) -> None:
        """Hear from now on what is told on ``channel``, where the database can tell."""

    def rest(self, seconds: float, wake: threading.Event) -> None:
        """Wait for ``wake`` or for word on the channel, at most so long."""
        wake.wait(seconds)
        wake.clear()


class _Listening(Place):
    """A place held through a PostgreSQL connection, which also hears notifications."""

    def __init__(self, connection: Connection, *, held: bool) -> None:
        super().__init__(held=held)
        self._connection = connection

    def __call__(self) -> bool:
        if self._held:
            self._connection.execute(text("SELECT 1"))
        return self._held

    def listen(self, channel: str) -> None:
        self._connection.exec_driver_sql(f"LISTEN {channel}")

    def rest(self, seconds: float, wake: threading.Event) -> None:
        # not `driver_connection`: a detached connection has none
        driver: Any = self._connection.connection.dbapi_connection
        ends = monotonic() + seconds
        while not wake.is_set() and (left := ends - monotonic()) > 0:
            if any(driver.notifies(timeout=min(left, SLICE_SECONDS), stop_after=1)):
                break
        wake.clear()


@contextmanager
def only_one(database: Database, name: str, folder: Path, stop: threading.Event) -> Iterator[Place]:
    """Wait until this process is the only ``name`` of the service, then hold that place.

    Yields the place, which tells whether it is still ours: a database that restarted has dropped
    the lock. When ``stop`` is set first, it tells ``False`` at once.
    """
    if database.dialect == "postgresql":
        with _advisory(database, name, stop) as alive:
            yield alive
    else:
        with _file(folder / f"{database.service}.{name}.lock", stop) as alive:
            yield alive


@contextmanager
def _advisory(database: Database, name: str, stop: threading.Event) -> Iterator[Place]:
    key = zlib.crc32(f"{database.service}:{name}".encode())
    with database.engine.connect() as raw:
        connection = raw.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # held for good: a pool would have none left for the work itself
        take = text("SELECT pg_try_advisory_lock(:key)")
        held = False
        try:
            while not stop.is_set():
                held = bool(connection.execute(take, {"key": key}).scalar_one())
                if held:
                    break
                stop.wait(RETRY_SECONDS)
            yield _Listening(connection, held=held)
        finally:
            # the connection is no pool's any more: closing it lets the lock go with it
            connection.close()


@contextmanager
def _file(path: Path, stop: threading.Event) -> Iterator[Place]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        held = False
        while not stop.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
                break
            except BlockingIOError:
                stop.wait(RETRY_SECONDS)
        yield Place(held=held)
