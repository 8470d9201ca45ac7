"""Drives a suite through its public API as its people would: for demo data, replay and trials."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shared.http_client import Problem, ServiceClient, Unavailable, WsgiApp
from shared.ids import new_id

SERVICES = ("identity", "catalog", "roster", "booking", "notify")
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.25
RENEWALS = 5  # of a token, for one request

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
        return self._patiently(lambda: self.clients[service].call(method, path, **options))

    def text(self, service: str, path: str, **options: Any) -> str:
        """Read an answer that is no JSON, as patiently."""
        return self._patiently(lambda: self.clients[service].raw("GET", path, **options).text)

    def close(self) -> None:
        """Close the connections."""
        for client in self.clients.values():
            client.close()

    def _patiently(self, ask: Callable[[], T]) -> T:
        ends = time.monotonic() + PATIENCE_SECONDS
        self.tally.add("requests")
        while True:
            try:
                return ask()
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
        self._renewing = threading.RLock()

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
        return self._signed_in(
            lambda: self.api.text(service, path, params=params, token=self._token)
        )

    def _call(self, service: str, method: str, path: str, **options: Any) -> Any:
        return self._signed_in(
            lambda: self.api.call(service, method, path, token=self._token, **options)
        )

    def _signed_in(self, ask: Callable[[], T]) -> T:
        """Ask, and again with a new token where the old one has ended.

        More than once: on a simulated clock the time may jump again before the new one is used.
        """
        for _ in range(RENEWALS):
            used = self._token
            try:
                return ask()
            except Problem as problem:
                if problem.status != 401:
                    raise
            with self._renewing:  # one of several threads signs in for all
                if self._token == used:
                    self.renew()
        return ask()


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
