"""Drives a suite through its public API as its people would: for demo data, replay and trials."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared import clock
from shared.http_client import Problem, ServiceClient, Unavailable, WsgiApp
from shared.ids import new_id

SERVICES = ("identity", "catalog", "roster", "booking", "notify")
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.25
RENEW_SECONDS = 30.0

T = TypeVar("T")


class TookTooLong(Exception):
    """Something that should have followed did not follow in time."""


@dataclass
class Tally:
    """What a drive has done so far; shared by its threads."""

    counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, many: int = 1) -> None:
        """Count ``many`` more of ``name``."""
        with self._lock:
            self.counts[name] = self.counts.get(name, 0) + many

    def __getitem__(self, name: str) -> int:
        """Return the count of ``name``."""
        return self.counts.get(name, 0)


class Api:
    """The public API of a suite: at a URL, or the embedded suite's own application."""

    def __init__(self, target: str | WsgiApp, tally: Tally | None = None) -> None:
        self.tally = tally or Tally()
        self.clients = {name: ServiceClient(name, target) for name in SERVICES}

    def call(self, service: str, method: str, path: str, **options: Any) -> Any:
        """Call a service; one that is away is asked again, with the same key, for a minute."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.clients[service].call(method, path, **options)
            except Unavailable:
                self.tally.add("retries")
                if time.monotonic() > ends:
                    raise
                time.sleep(PAUSE_SECONDS)

    def sign_in(self, login: str, password: str) -> "Account":
        """Return somebody who acts through the API; the token is renewed as it ends."""
        account = Account(self, login, password)
        account.renew()
        return account


class Account:
    """One person's hands on the API."""

    def __init__(self, api: Api, login: str, password: str) -> None:
        self.api = api
        self.login = login
        self.id = ""
        self._password = password
        self._token = ""
        self._until = clock.now()

    def renew(self) -> None:
        """Sign in again."""
        body = {"login": self.login, "password": self._password}
        answer = self.api.call("identity", "POST", "/tokens", json=body)
        self._token = answer["access_token"]
        if not self.id:
            self.id = self.get("identity", "/people/me")["id"]

    def get(self, service: str, path: str, **params: Any) -> Any:
        """Read."""
        return self._call(service, "GET", path, params=params)

    def post(self, service: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Create or act, under a key of its own unless one is given."""
        return self._call(service, "POST", path, json=body or {}, key=key or new_id())

    def put(self, service: str, path: str, body: Any, version: int | None = None) -> Any:
        """Replace."""
        return self._call(service, "PUT", path, json=body, version=version)

    def items(self, service: str, path: str, **params: Any) -> Iterable[Any]:
        """Read every page of a list."""
        cursor = None
        while True:
            answer = self.get(service, path, cursor=cursor, **params)
            yield from answer["items"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return

    def text(self, service: str, path: str, **params: Any) -> str:
        """Read an answer that is no JSON."""
        try:
            return self._raw(service, path, params)
        except Problem as problem:
            if problem.status != 401:
                raise
            self.renew()
            return self._raw(service, path, params)

    def _raw(self, service: str, path: str, params: dict[str, Any]) -> str:
        client = self.api.clients[service]
        return client.raw("GET", path, params=params, token=self._token).text

    def _call(self, service: str, method: str, path: str, **options: Any) -> Any:
        try:
            return self.api.call(service, method, path, token=self._token, **options)
        except Problem as problem:
            if problem.status != 401:
                raise
            self.renew()
            return self.api.call(service, method, path, token=self._token, **options)


def eventually(look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Ask until ``look`` finds something; say ``what`` was missing when it never does."""
    ends = time.monotonic() + seconds
    pause = 0.004
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends:
            raise TookTooLong(f"not within {seconds:.0f} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.6, PAUSE_SECONDS)
