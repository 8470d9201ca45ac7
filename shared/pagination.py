"""Cursor pagination: a page starts after the last row of the one before, whatever came in between."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from shared import clock
from shared.errors import Invalid

LIMIT = 50
MOST = 200


class BadCursor(Invalid):
    """The cursor is none that we gave."""

    code = "bad_cursor"
    zh = "翻页位置无效，请从第一页重新开始。"
    en = "This page marker is not valid. Please start again from the first page."


@dataclass(frozen=True)
class Page:
    """One page of rows; ``next_cursor`` is None on the last one."""

    items: list[Any]
    next_cursor: str | None


def page(
    session: Session,
    statement: Select[Any],
    keys: Sequence[Any],
    cursor: str | None = None,
    limit: int = LIMIT,
    *,
    descending: bool = False,
    scalars: bool = True,
) -> Page:
    """Return one page of ``statement``, ordered by the mapped columns ``keys`` (unique together).

    With ``scalars`` the items are the first column of each row (entities), else whole rows; then
    ``keys`` must be among the selected columns.
    """
    limit = max(1, min(limit, MOST))
    if cursor:
        after = (
            tuple_(*keys) < _read(cursor, keys)
            if descending
            else tuple_(*keys) > _read(cursor, keys)
        )
        statement = statement.where(after)
    order = [key.desc() if descending else key.asc() for key in keys]
    result = session.execute(statement.order_by(*order).limit(limit + 1))
    rows: list[Any] = list(result.unique().scalars() if scalars else result)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _write(rows[-1], keys) if more else None)


def _write(row: Any, keys: Sequence[Any]) -> str:
    values = [getattr(row, key.key) for key in keys]
    plain = [{"t": clock.iso(v)} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[Any]) -> tuple[Any, ...]:
    try:
        plain = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = tuple(clock.parse(v["t"]) if isinstance(v, dict) else v for v in plain)
    except (ValueError, TypeError, KeyError, OverflowError) as problem:
        raise BadCursor from problem
    if not isinstance(plain, list):
        raise BadCursor
    kinds = [getattr(key.type, "impl_instance", key.type).python_type for key in keys]
    if len(values) != len(kinds) or not all(map(isinstance, values, kinds)):
        raise BadCursor
    return values
