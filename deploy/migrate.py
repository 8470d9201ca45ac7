"""The job that runs before everything else: keys, databases and their roles, tables, queues."""

import os
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from deploy.processes import SERVICES
from shared.auth import ensure_keys
from shared.bus import Bus, BusAway, connect_bus
from shared.database import Database
from shared.migrations import upgrade
from shared.settings import BaseSettings, secret

PATIENCE_SECONDS = 60.0


def main() -> int:
    """Do the job with the settings of the environment (those of all services)."""
    prepare(os.environ)
    return 0


def prepare(env: Mapping[str, str]) -> None:
    """Make keys and tables and queues; doing it again does nothing."""
    settings = [read_settings(name, env) for name in SERVICES]
    ensure_keys(Path(settings[0].token_keys))
    administrator = secret(env, "DATABASE_ADMIN_URL")
    if administrator:
        make_databases(administrator, [one.database_url for one in settings])
    for one in settings:
        migrate(one)
    bus = connect_bus(settings[0].bus_url)
    for one in settings:
        declare(bus, one.service)
    bus.close()


def read_settings(name: str, env: Mapping[str, str]) -> BaseSettings:
    """Return the settings of a service."""
    settings: BaseSettings = import_module(f"services.{name}.settings").read_settings(env)
    return settings


def make_databases(administrator: str, urls: list[str]) -> None:
    """Make the database and the role each address names; only that role may connect to it."""
    with psycopg.connect(administrator.replace("+psycopg", ""), autocommit=True) as connection:
        for url in urls:
            parts = urlsplit(url)
            _make_role(connection, str(parts.username), str(parts.password))
            _make_database(connection, parts.path.lstrip("/"), str(parts.username))


def _make_role(connection: psycopg.Connection, name: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(verb, sql.Identifier(name), sql.Literal(password)))


def _make_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    if connection.execute(query, [name]).fetchone():
        return
    names = sql.Identifier(name), sql.Identifier(owner)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(names[0]))


def migrate(settings: BaseSettings) -> None:
    """Bring one service's database up to date."""
    database = Database(settings.database_url, settings.service)
    try:
        changed = upgrade(f"services.{settings.service}", database)
    finally:
        database.dispose()
    print(f"{settings.service}: {'migrated' if changed else 'up to date'}", flush=True)


def declare(bus: Bus, service: str) -> None:
    """Declare the queue of a service's consumer; waits for a broker that is still starting."""
    handlers = import_module(f"services.{service}.consumers").HANDLERS
    deadline = time.monotonic() + PATIENCE_SECONDS
    while handlers:
        try:
            bus.declare(service, sorted(handlers))
        except BusAway:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
