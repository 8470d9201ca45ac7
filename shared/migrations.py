"""Alembic for every service: one environment, one way to bring a database up to date.

The plumbing's tables and the database's ``suite_now()`` are made by ``create_plumbing``, which a
service's first revision calls; the service's own tables follow in the same revision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from shared.database import Database
from shared.tables import plumbing

MIGRATION_LOCK = 7_461_001
PG_SUITE_NOW = """
CREATE OR REPLACE FUNCTION suite_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT statement_timestamp()
       + COALESCE(NULLIF(current_setting('suite.clock_offset', true), ''), '0')::interval
$$
"""


def config(service_package: str) -> Config:
    """Return Alembic's configuration of ``services.<name>``."""
    module = import_module(service_package)
    folder = Path(str(module.__file__)).parent / "migrations"
    settings = Config()
    settings.set_main_option("script_location", str(folder).replace("%", "%%"))
    return settings


def upgrade(service_package: str, database: Database) -> bool:
    """Bring ``database`` to the newest revision; return whether there was anything to do.

    Several processes may start at once: on PostgreSQL an advisory lock lets one go first, on SQLite
    the write lock does.
    """
    if at_head(service_package, database):
        return False
    settings = config(service_package)
    with _migrating(database) as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
    return True


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    """Give the transaction of an upgrade.

    On SQLite a batch drops a table and writes it anew, which its foreign keys would forbid as soon as
    there are rows: they are off meanwhile and checked before the commit (sqlite.org/lang_altertable).
    """
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if database.dialect == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
        try:
            with connection.begin():
                yield connection
                if database.dialect == "sqlite":
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"the upgrade would break references: {broken[:5]}")
        finally:
            if database.dialect == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")


def at_head(service_package: str, database: Database) -> bool:
    """Tell whether ``database`` stands at the newest revision."""
    script = ScriptDirectory.from_config(config(service_package))
    with database.engine.execution_options(reading=True).connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(script.get_heads())


def run(metadata: MetaData) -> None:
    """Run the migrations of the service whose own tables ``metadata`` holds (its ``env.py``)."""
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrations run through shared.migrations.upgrade")
    context.configure(
        connection=connection,
        target_metadata=[metadata, plumbing],
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def create_plumbing(op: Any) -> None:
    """Create the plumbing's tables and, on PostgreSQL, the function ``suite_now()``."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(PG_SUITE_NOW)
    plumbing.create_all(bind, checkfirst=False)


def drop_plumbing(op: Any) -> None:
    """Undo ``create_plumbing``."""
    bind = op.get_bind()
    plumbing.drop_all(bind, checkfirst=False)
    if bind.dialect.name == "postgresql":
        op.execute("DROP FUNCTION suite_now()")
