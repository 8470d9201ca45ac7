"""Where histories are played: a PostgreSQL, and a throw-away database of each kind for each process."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.local_servers.postgres import Postgres
from shared import clock
from shared.database import Database
from shared.migrations import upgrade
from tests.bench.histories.world import World, hurried

DATABASES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # files that nobody needs afterwards, off the disk


def room() -> Path:
    """Where throw-away files go: into memory, else wherever the system puts them."""
    return MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())


@dataclass
class Places:
    """What one process plays on, made when it is first needed, at a clock of its own."""

    server: str
    folder: Path
    run: str
    worlds: dict[str, World] = field(default_factory=dict)

    def world(self, kind: str) -> World:
        """Return the world of this process on a kind of database."""
        if kind not in self.worlds:
            file = self.folder / f"{os.getpid()}.clock"
            standing = clock.current()
            if not standing.simulated:
                standing = clock.configure(clock.SIMULATED, file)
            database = hurried(Database(self._address(kind), "booking"))
            upgrade("services.booking", database)
            self.worlds[kind] = World(database, standing)
        return self.worlds[kind]

    def _address(self, kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self.folder}/{os.getpid()}.db"
        name = f"{self.run}_{os.getpid()}"
        with administering(self.server) as connection:
            for order in ("CREATE DATABASE {}", "ALTER DATABASE {} SET synchronous_commit TO off"):
                connection.execute(sql.SQL(order).format(sql.Identifier(name)))
        return f"{self.server.rsplit('/', 1)[0]}/{name}"


@contextmanager
def server(folder: Path, run: str) -> Iterator[str]:
    """A PostgreSQL: the one that is given (left as it was), or one that does not wait for the disk."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        address = given.replace("postgresql://", "postgresql+psycopg://")
        try:
            yield address
        finally:
            _drop(address, run)
        return
    home = folder / "postgresql"
    home.mkdir()
    own = Postgres(home)
    try:
        yield own.start()
    finally:
        own.stop()


def administering(address: str) -> psycopg.Connection:
    """A connection to the server itself."""
    return psycopg.connect(address.replace("+psycopg", ""), autocommit=True)


def _drop(address: str, run: str) -> None:
    with administering(address) as connection:
        like = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in connection.execute(like, (f"{run}_",)).fetchall():
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))
