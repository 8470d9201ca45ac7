"""What every client shares: who is calling, and JSON turned into small objects that fail on a missing field."""

import dataclasses
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

import httpx

from shared import clock
from shared.http_client import Problem, ServiceClient

T = TypeVar("T")
Transport = Any  # a base address (str) or a WSGI application
Json = dict[str, Any]


class BrokenAnswer(Exception):
    """A service answered without a field that this page needs."""


@dataclass(frozen=True)
class Caller:
    """On whose behalf a service is called, and in which language it shall answer.

    `renew` gets another token, once, where a service says that this one has ended.
    """

    token: str | None
    locale: str
    renew: Callable[[], str | None] | None = None


@dataclass(frozen=True)
class Text:
    """A text in both languages; use the `text` filter to show it."""

    zh: str
    en: str = ""


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def read(cls: type[T], data: Json) -> T:
    """Build the dataclass from JSON by its type hints; unknown fields are ignored, missing ones refused."""
    values: dict[str, Any] = {}
    kind: Any = cls
    hints = _hints(kind)
    for field in dataclasses.fields(kind):
        if field.name in data:
            values[field.name] = _convert(hints[field.name], data[field.name])
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BrokenAnswer(f"{cls.__name__} without {field.name}: {sorted(data)}")
    return cls(**values)


def read_all(cls: type[T], items: list[Json]) -> tuple[T, ...]:
    """Build one object per item."""
    return tuple(read(cls, item) for item in items)


def _convert(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_convert(get_args(hint)[0], one) for one in value)
    if hint is datetime:
        return clock.parse(value)
    if hint is date:
        return date.fromisoformat(value)
    if dataclasses.is_dataclass(hint):
        return read(hint, value)  # type: ignore[arg-type]
    return value


def _body(json: Any, rest: Json) -> Any:
    """An empty object where nothing is sent, unless a file is."""
    return {} if json is None and not {"files", "data"} & set(rest) else json


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    items: tuple[Any, ...]
    next_cursor: str | None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Client:
    """A service over HTTP or in-process; each call carries the caller's token and language.

    `front=True` calls as the front itself; `token=` as somebody just signed in.
    """

    service: ClassVar[str]

    def __init__(self, transport: Transport, caller: Callable[[bool], Caller]) -> None:
        self.http = ServiceClient(self.service, transport)
        self.caller = caller

    def call(self, method: str, path: str, **rest: Any) -> Any:
        """Call /api/<service>/v1<path> and return its JSON; raises Problem or Unavailable."""
        response = self.raw(path, method=method, **rest)
        return response.json() if response.content else None

    def raw(
        self,
        path: str,
        *,
        method: str = "GET",
        front: bool = False,
        token: str | None = None,
        **rest: Any,
    ) -> httpx.Response:
        """Call the service and return its answer as it is (files, ETags).

        A 401 is asked again with a fresh token: what was refused so has not been done.
        """
        caller = self.caller(front and token is None)
        given = {name: value for name, value in rest.items() if value is not None}
        given["locale"] = caller.locale
        try:
            return self.http.raw(method, path, token=token or caller.token, **given)
        except Problem as problem:
            renew = caller.renew if problem.status == 401 and token is None else None
            fresh = renew() if renew else None
            if fresh is None:
                raise
            return self.http.raw(method, path, token=fresh, **given)

    def get(self, path: str, **rest: Any) -> Any:
        """Read."""
        return self.call("GET", path, **rest)

    def post(self, path: str, json: Any = None, **rest: Any) -> Any:
        """Create or move something; `key` is the form's idempotency key."""
        return self.call("POST", path, json=_body(json, rest), **rest)

    def put(self, path: str, json: Any, **rest: Any) -> Any:
        """Replace; pass `version` of what was seen where two people can edit."""
        return self.call("PUT", path, json=json, **rest)

    def patch(self, path: str, json: Any, **rest: Any) -> Any:
        """Change some fields."""
        return self.call("PATCH", path, json=json, **rest)

    def delete(self, path: str, **rest: Any) -> Any:
        """Remove."""
        return self.call("DELETE", path, **rest)

    def page(self, cls: type[T], path: str, **rest: Any) -> Page:
        """One page of a list of `cls`."""
        answer = self.get(path, **rest)
        return Page(read_all(cls, answer["items"]), answer.get("next_cursor"))

    def every(
        self, cls: type[T], path: str, *, params: Json | None = None, most: int = 2000, **rest: Any
    ) -> tuple[T, ...]:
        """All pages of a list, up to `most` items."""
        found: tuple[T, ...] = ()
        query: Json = {"limit": 200, **(params or {})}
        while len(found) < most:
            page = self.page(cls, path, params=query, **rest)
            found += page.items
            if not page.next_cursor:
                break
            query = {**query, "cursor": page.next_cursor}
        return found
