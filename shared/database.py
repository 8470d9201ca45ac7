"""The one door to a service's database: engines, the transaction, column types and the suite's time.

PostgreSQL and SQLite behave alike behind it: SQLite takes its write lock at the first statement of
a transaction (``BEGIN IMMEDIATE``; without it concurrent read-modify-write loses updates silently),
instants are UTC on both, ``suite_now()`` is the database's clock on both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from threading import Event
from typing import Any
from weakref import finalize

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from shared import clock, search
from shared.columns import SQLITE_INSTANT, BigId, Id, Json, UtcDateTime

COUNT_ROWS = {"preserve_rowcount": True}  # else an INSERT does not tell how many rows it made
__all__ = [
    "NAMING",
    "BigId",
    "Database",
    "Id",
    "Json",
    "UtcDateTime",
    "insert_for",
    "insert_if_absent",
    "one_row",
    "suite_now",
    "suite_time",
    "upsert_by_version",
]

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 10
PG_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=10000 -c lock_timeout=3000"
    " -c idle_in_transaction_session_timeout=15000"
)

PG_CONNECT = {"options": PG_OPTIONS, "connect_timeout": 5, "prepare_threshold": 1}


class suite_now(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function it is
    """The suite's time by the database's clock, plus the simulated offset where there is one."""

    type = UtcDateTime()
    inherit_cache = True
    name = "suite_now"


@compiles(suite_now)
def _suite_now(element: suite_now, compiler: Any, **_: Any) -> str:
    return "suite_now()"


_TIME = text("SELECT suite_now() AS now").columns(now=UtcDateTime())


def suite_time(session: Session) -> datetime:
    """Ask the database for the suite's time now."""
    at: datetime = session.execute(_TIME).scalar_one()
    return at


class Database:
    """One service's database; ``transaction()`` is the only place in the suite that commits."""

    def __init__(self, url: str, service: str, pool_size: int = 8) -> None:
        self.service = service
        self._pool_size = pool_size
        self._gone = Event()
        self.engine = _engine(url, pool_size)
        self._reading = self.engine.execution_options(reading=True)
        _close_with(self, self.engine, self._gone)

    @property
    def dialect(self) -> str:
        """Return ``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose changes are committed at the end, all or none."""
        info: dict[str, Any] = {
            "service": self.service,
            "database": self,
            "after_commit": [],
        }
        with Session(self.engine, expire_on_commit=False, info=info) as session:
            yield session
            session.commit()
            for act in info["after_commit"]:
                act()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for reads; it takes no write lock and never commits."""
        info = {"service": self.service}
        with Session(self._reading, expire_on_commit=False, autoflush=False, info=info) as session:
            yield session

    @contextmanager
    def single_statement(self) -> Iterator[Connection]:
        """Give a PostgreSQL connection on which every statement commits by itself (hot paths).

        Its pool spares every other round trip: no ping before, no transaction around, no reset
        after. A connection that broke meanwhile is noticed by the statement, which the caller
        repeats once (its idempotency key makes that safe).
        """
        with self._hot.connect() as connection:
            if clock.current().simulated:
                _tell_offset(connection, local=False)
            yield connection

    @cached_property
    def _hot(self) -> Engine:
        engine = create_engine(
            self.engine.url,
            pool_size=self._pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_recycle=1800,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            connect_args=PG_CONNECT,
        )
        _close_with(self, engine, self._gone)
        return engine

    def ready(self) -> None:
        """Raise unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close every connection: those in the pool now, those in use when they come back."""
        self._gone.set()
        self.engine.dispose()
        if "_hot" in self.__dict__:
            self._hot.dispose()


def one_row(result: Any, refusal: Exception) -> None:
    """Raise ``refusal`` unless the statement changed exactly one row."""
    if result.rowcount != 1:
        raise refusal


def insert_for(session: Session, table: Any) -> Any:
    """Return the dialect's INSERT, the one that knows ON CONFLICT."""
    dialect = session.get_bind().dialect.name
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


def insert_if_absent(
    session: Session, table: Any, values: dict[str, Any], *, key: list[str]
) -> bool:
    """Insert one row unless its ``key`` columns are taken; return whether it was inserted."""
    statement = insert_for(session, table).values(**values)
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # DML gives a cursor
        statement.on_conflict_do_nothing(index_elements=key), execution_options=COUNT_ROWS
    )
    return result.rowcount == 1


def upsert_by_version(
    session: Session,
    model: Any,
    id: str,
    version: int,
    values: dict[str, Any],
    *,
    key: str = "id",
) -> bool:
    """Write a projection row unless the one that stands is as new; return whether it was written."""
    table: Table = getattr(model, "__table__", model)
    statement = insert_for(session, table).values(**{key: id, "version": version, **values})
    statement = statement.on_conflict_do_update(
        index_elements=[key],
        set_={"version": version, **values},
        where=table.c.version < version,
    )
    result: CursorResult[Any] = session.execute(statement, execution_options=COUNT_ROWS)  # type: ignore[assignment]  # as above
    return result.rowcount == 1


def _close_with(database: Database, engine: Engine, gone: Event) -> None:
    """Leave no connection open when the database is disposed of, or forgotten."""
    finalize(database, engine.dispose).atexit = False

    @event.listens_for(engine, "checkin")
    def close_late(_: Any, record: Any) -> None:
        if gone.is_set():
            record.invalidate()


def _engine(url: str, pool_size: int) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=BUSY_SECONDS,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_recycle=1800,
        pool_pre_ping=True,
        connect_args=PG_CONNECT,
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # what people booked survives a power cut
    connection.execute("PRAGMA foreign_keys=ON")
    connection.create_function("suite_now", 0, lambda: clock.now().strftime(SQLITE_INSTANT))
    connection.create_function(search.SQLITE_NAME, 2, search.holds_words, deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if clock.current().simulated:
        _tell_offset(connection, local=True)


_OFFSET = text("SELECT set_config('suite.clock_offset', :offset, :local)")


def _tell_offset(connection: Connection, *, local: bool) -> None:
    seconds = clock.current().offset().total_seconds()
    connection.execute(_OFFSET, {"offset": f"{seconds:.6f} seconds", "local": local})
