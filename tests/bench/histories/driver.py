"""A connection of the database's own driver, beside booking's: reads at one go, tables emptied and filled again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, Table
from sqlalchemy.types import TypeEngine

from shared.database import Database

Content = dict[str, Any]


class Driver:
    """What both drivers do; every statement commits by itself."""

    def __init__(self, database: Database) -> None:
        self._dialect = database.engine.dialect
        pooled = database.engine.raw_connection()
        self._raw: Any = pooled.driver_connection
        pooled.detach()  # it never goes back: it is not as booking's connections are
        self._kept = pooled

    def text(self, wanted: Select[Any]) -> str:
        """Return a question as SQL."""
        return str(wanted.compile(dialect=self._dialect))

    def reader(self, type: TypeEngine[Any]) -> Callable[[Any], Any] | None:
        """Return what turns a column's value into the one that booking's models show."""
        return type.dialect_impl(self._dialect).result_processor(self._dialect, None)

    def ask(self, questions: Sequence[str]) -> list[list[Any]]:
        """Return the rows of each question."""
        raise NotImplementedError

    def content(self, tables: Sequence[Table]) -> Content:
        """Return what the tables hold, to be put back."""
        raise NotImplementedError

    def put_back(self, tables: Sequence[Table], content: Content) -> None:
        """Empty the tables (each after those it needs), then let them hold this again."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the connection go."""
        with suppress(Exception):
            self._raw.close()


class SqliteDriver(Driver):
    """The driver of the standard library."""

    def ask(self, questions: Sequence[str]) -> list[list[Any]]:
        return [self._raw.execute(one).fetchall() for one in questions]

    def content(self, tables: Sequence[Table]) -> Content:
        found = {one.name: self.ask([f'SELECT * FROM "{one.name}"'])[0] for one in tables}
        return {name: rows for name, rows in found.items() if rows}

    def put_back(self, tables: Sequence[Table], content: Content) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        for one in reversed(tables):
            self._raw.execute(f'DELETE FROM "{one.name}"')
        for one in tables:
            if rows := content.get(one.name):
                marks = ", ".join("?" * len(rows[0]))
                self._raw.executemany(f'INSERT INTO "{one.name}" VALUES ({marks})', rows)
        self._raw.execute("COMMIT")


class PostgresDriver(Driver):
    """psycopg: several statements go in one round trip, content by COPY."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._raw.rollback()
        self._raw.autocommit = True

    def ask(self, questions: Sequence[str]) -> list[list[Any]]:
        cursor = self._raw.execute(";".join(questions))
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
        return found

    def content(self, tables: Sequence[Table]) -> Content:
        found = {}
        for one in tables:
            with self._raw.cursor().copy(f'COPY "{one.name}" TO STDOUT') as copy:
                found[one.name] = b"".join(copy)
        return {name: rows for name, rows in found.items() if rows}

    def put_back(self, tables: Sequence[Table], content: Content) -> None:
        with self._raw.transaction():
            self._raw.execute(";".join(f'DELETE FROM "{one.name}"' for one in reversed(tables)))
            for one in tables:
                if rows := content.get(one.name):
                    with self._raw.cursor().copy(f'COPY "{one.name}" FROM STDIN') as copy:
                        copy.write(rows)


def driver_of(database: Database) -> Driver:
    """Return a connection to this database by its own driver."""
    return (PostgresDriver if database.dialect == "postgresql" else SqliteDriver)(database)
