"""Finding typed words in a column: in NFC and without case, never NFKC, alike on both databases."""

import unicodedata
from typing import Any

from sqlalchemy import Boolean, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SQLITE_NAME = "holds_words"


def folded(text: str) -> str:
    """Return the form in which words are compared."""
    return unicodedata.normalize("NFC", text).casefold()


def holds_words(text: str | None, words: str) -> bool:
    """Tell whether ``text`` holds ``words`` (what SQLite calls; PostgreSQL has it in SQL)."""
    return folded(words) in folded(text or "")


class holds(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it is
    """Whether a text column holds some words: ``holds(Ticket.brand, "美的")``."""

    type = Boolean()
    inherit_cache = True
    name = "holds"

    def __init__(self, column: Any, words: str) -> None:
        super().__init__(column, literal(words, Text()))


@compiles(holds, "sqlite")
def _in_sqlite(element: holds, compiler: Any, **rest: Any) -> str:
    column, words = (compiler.process(one, **rest) for one in element.clauses)
    return f"{SQLITE_NAME}({column}, {words})"


@compiles(holds, "postgresql")
def _in_postgresql(element: holds, compiler: Any, **rest: Any) -> str:
    column, words = (
        f"lower(normalize(CAST({compiler.process(one, **rest)} AS text), NFC))"
        for one in element.clauses
    )
    return f"(strpos({column}, {words}) > 0)"
