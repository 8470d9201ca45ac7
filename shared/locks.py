"""One of us at a time: an advisory lock on PostgreSQL, a locked file beside SQLite."""

import fcntl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from shared.database import Database

RETRY_SECONDS = 1.0


@contextmanager
def only_one(
    database: Database, name: str, folder: Path, stop: threading.Event
) -> Iterator[Callable[[], bool]]:
    """Wait until this process is the only ``name`` of the service, then hold that place.

    Yields a function that tells whether the place is still ours: a database that restarted has
    dropped the lock. When ``stop`` is set first, it tells ``False`` at once.
    """
    if database.dialect == "postgresql":
        with _advisory(database, name, stop) as alive:
            yield alive
    else:
        with _file(folder / f"{database.service}.{name}.lock", stop) as alive:
            yield alive


@contextmanager
def _advisory(database: Database, name: str, stop: threading.Event) -> Iterator[Callable[[], bool]]:
    key = zlib.crc32(f"{database.service}:{name}".encode())
    with database.engine.connect() as raw:
        connection = raw.execution_options(isolation_level="AUTOCOMMIT")
        take = text("SELECT pg_try_advisory_lock(:key)")
        held = False
        try:
            while not stop.is_set():
                held = bool(connection.execute(take, {"key": key}).scalar_one())
                if held:
                    break
                stop.wait(RETRY_SECONDS)
            yield lambda: held and _answers(connection)
        finally:
            # a lock must never ride back into the pool on a live connection
            connection.invalidate()


def _answers(connection: Connection) -> bool:
    connection.execute(text("SELECT 1"))
    return True


@contextmanager
def _file(path: Path, stop: threading.Event) -> Iterator[Callable[[], bool]]:
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
        yield lambda: held
