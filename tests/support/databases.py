"""Fresh databases in a moment: each service is migrated once per run, then copied."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from shared.database import Database
from shared.migrations import upgrade
from tests.support.run import Run

DIALECTS = ("sqlite", "postgresql")


@dataclass
class Databases:
    """Makes databases for one test and drops them after it."""

    run: Run
    folder: Path
    postgres: Callable[[], str]
    made: list[str] = field(default_factory=list)
    opened: list[Database] = field(default_factory=list)

    def url(self, service: str | None = None, dialect: str = "postgresql") -> str:
        """Return the address of a fresh database, migrated for the service (None: empty)."""
        if dialect == "sqlite":
            return self._sqlite(service)
        name = f"x_{self.run.name}_{service or 'empty'}_{uuid4().hex[:8]}"
        template = self._postgres_template(service) if service else "template0"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        self.made.append(name)
        return self._address(name)

    def open(self, service: str, dialect: str = "postgresql", url: str | None = None) -> Database:
        """Return a fresh, migrated database (or the one at `url`), closed again after the test."""
        database = Database(url or self.url(service, dialect), service)
        self.opened.append(database)
        return database

    def drop(self) -> None:
        """Close and drop everything this test asked for."""
        for database in self.opened:
            database.dispose()
        for name in self.made:
            self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _address(self, name: str) -> str:
        return f"{self.postgres().rsplit('/', 1)[0]}/{name}"

    def _administer(self, statement: str, *names: str) -> None:
        command = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))  # type: ignore[arg-type]  # the statements stand in this file
        address = self.postgres().replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command)

    def _postgres_template(self, service: str) -> str:
        name = f"x_{self.run.name}_{service}"
        done = self.run.folder / f"{name}.migrated"
        with self.run.alone(name):
            if not done.exists():
                self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
                self._administer("CREATE DATABASE {} TEMPLATE template0", name)
                _migrate(self._address(name), service)
                done.touch()
        return name

    def _sqlite(self, service: str | None) -> str:
        new = self.folder / f"{service or 'empty'}-{uuid4().hex[:8]}.db"
        if service:
            shutil.copyfile(self._sqlite_template(service), new)
        return f"sqlite:///{new}"

    def _sqlite_template(self, service: str) -> Path:
        done = self.run.folder / f"{service}.db"
        with self.run.alone(f"sqlite-{service}"):
            if not done.exists():
                new = self.run.folder / f"{service}-new.db"
                new.unlink(missing_ok=True)
                _migrate(f"sqlite:///{new}", service)
                new.rename(done)
        return done


def _migrate(url: str, service: str) -> None:
    database = Database(url, service)
    try:
        upgrade(f"services.{service}", database)
    finally:
        database.dispose()


def drop_all_of(run: Run, administrator: str) -> None:
    """Drop what the run left on a server that was given to it."""
    with psycopg.connect(administrator.replace("+psycopg", ""), autocommit=True) as connection:
        mine = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"x_{run.name}_"]
        ).fetchall()
        for (name,) in mine:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
