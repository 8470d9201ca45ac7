"""A whole embedded suite for the pages, with a small term in it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from deploy.embedded import Suite, environment, prepare
from services.identity.use_cases.first_people import ensure_demo_people
from services.web.app import create_app
from services.web.settings import read_settings
from shared import clock
from shared.http_client import Problem, ServiceClient
from shared.ids import new_id
from tests.integration.web.pages import Reader

PATIENCE = 15.0
ZONE = ZoneInfo("Asia/Shanghai")
DAYTIME = range(9, 21, 2)  # o'clock: sessions of two hours, one after the other


@dataclass
class Term:
    """A suite with people, and ways to plan sessions in it."""

    suite: Suite
    env: dict[str, str]
    clients: dict[str, ServiceClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    times: Iterator[int] = field(default_factory=count)

    @property
    def app(self) -> Flask:
        """The front."""
        return self.suite.web  # type: ignore[return-value]  # the suite knows it as WSGI only

    def reader(self, login: str | None = None, lang: str = "zh") -> Reader:
        """Somebody at the pages, signed in when named."""
        found = Reader(self.app, lang)
        if login:
            found.sign_in(login)
        return found

    def api(
        self, service: str, method: str, path: str, login: str = "coordinator", **given: Any
    ) -> Any:
        """Call a service as somebody."""
        client = self.clients.setdefault(
            service, ServiceClient(service, self.suite.parts[service].app)
        )
        return client.call(method, path, token=self.token(login), key=new_id(), **given)

    def token(self, login: str) -> str:
        """Somebody's access token."""
        if login not in self.tokens:
            identity = ServiceClient("identity", self.suite.parts["identity"].app)
            answer = identity.post("/tokens", json={"login": login, "password": "demo"})
            self.tokens[login] = answer["access_token"]
        return self.tokens[login]

    def without(self, service: str) -> Flask:
        """The same front where one service does not answer."""
        transports: dict[str, Any] = {name: part.app for name, part in self.suite.parts.items()}
        return create_app(read_settings(self.env), {**transports, service: "http://127.0.0.1:9"})

    def until(self, holds: Callable[[], Any]) -> Any:
        """Wait for what the events bring about."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            found = holds()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"did not come true within {PATIENCE} s")

    def plan(self, kind: str, title: str = "", hours: float | None = None, **fields: Any) -> str:
        """Publish a session that starts in `hours`, else at a time of its own; its id once booking knows it."""
        at = clock.now() if hours is None else clock.now() + timedelta(hours=hours)
        starts = at.replace(minute=0, second=0, microsecond=0)
        if hours is None:  # in the daytime of a day ahead, whatever the hour is now
            day, place = divmod(next(self.times), len(DAYTIME))
            starts = starts.astimezone(ZONE).replace(hour=DAYTIME[place]) + timedelta(days=2 + day)
        planned = {**self._basics(kind, starts), **fields}
        if title:
            planned["title"] = {"zh": title, "en": f"Session {new_id()[:4]}"}
        made = self.api("catalog", "POST", "/sessions", json=planned)
        self.api("catalog", "POST", f"/sessions/{made['id']}/publish", json={"scope": "this"})
        self.until(lambda: self._left(made["id"]))
        return str(made["id"])

    def _basics(self, kind: str, starts: datetime) -> dict[str, Any]:
        need = {
            "role": {"zh": "维修志愿者", "en": "Repairer"},
            "skill": "small_appliance",
            "needed": 1,
            "at_most": 3,
        }
        repair = {"slot_minutes": 30, "staffing": [need]}
        return {
            "offering_id": self._offering(kind),
            "venue_id": self._venue(),
            "starts_at": clock.iso(starts),
            "ends_at": clock.iso(starts + timedelta(hours=2)),
            "booking_opens_at": clock.iso(clock.now() - timedelta(days=1)),
            **(repair if kind == "repair" else {"seats": 1, "staffing": []}),
        }

    def _offering(self, kind: str) -> str:
        words = {
            "kind": kind,
            "title": {"zh": "小家电义务维修", "en": "Small appliance repair"},
            "summary": {"zh": "免费检查和修理。", "en": "Checked and repaired free of charge."},
            "max_devices": 2,
            "minutes_per_device": 15,
            "skill": "small_appliance" if kind == "repair" else None,
        }
        return str(self.api("catalog", "POST", "/offerings", json=words)["id"])

    def _venue(self) -> str:
        words = {"name": {"zh": "实训楼 203", "en": "Room 203"}, "stations": 2, "seats": 1}
        return str(self.api("catalog", "POST", "/venues", json=words)["id"])

    def _left(self, session_id: str) -> Any:
        answer = self.api("booking", "GET", "/availability", params={"session_ids": session_id})
        return next(iter(answer["items"]), None)

    def staff(self, session_id: str, login: str = "volunteer") -> None:
        """Let a volunteer take the shift of a repair session; its slots open."""
        person = self.api("identity", "GET", "/people/me", login)
        skills = {"skills": ["small_appliance"]}
        self.until(lambda: self.is_known(person["id"]))
        self.api("roster", "PUT", f"/volunteers/{person['id']}/skills", json=skills)
        shift = self.until(lambda: self.first_shift(session_id))
        self.api("roster", "POST", f"/shifts/{shift['id']}/accept", login, json={})
        self.until(lambda: self._left(session_id)["free"] > 0)

    def is_known(self, person_id: str) -> bool:
        """Whether the roster has heard of somebody."""
        try:
            self.api("roster", "GET", f"/volunteers/{person_id}")
        except Problem:
            return False
        return True

    def first_shift(self, session_id: str) -> Any:
        """The first shift of a session, None before the roster has it."""
        shifts = self.api("roster", "GET", f"/sessions/{session_id}/shifts")["items"]
        return next(iter(shifts), None)


@pytest.fixture(scope="session")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    """One suite for all page tests; each test plans its own sessions and brings its own people."""
    yield from fresh_term(tmp_path_factory.mktemp("term"))


def fresh_term(folder: Path) -> Iterator[Term]:
    """A suite of one's own, for tests that count what everybody did."""
    env = environment(folder, 8000, {"DEMO": "1"})
    prepare(env)
    suite = Suite(env)
    suite.start()
    with suite.parts["identity"].database.transaction() as session:
        ensure_demo_people(session, demo=True)
    made = Term(suite, env)
    made.api(
        "roster",
        "PUT",
        "/skills/small_appliance",
        json={"title": {"zh": "小家电", "en": "Appliances"}},
    )
    yield made
    suite.stop()


@pytest.fixture
def no_terms(term: Term) -> Iterator[None]:
    """The calendar has no terms before the test and none after it."""
    archive_terms(term)
    yield
    archive_terms(term)


def archive_terms(term: Term) -> None:
    """Take every term out of the calendar."""
    for one in term.api("catalog", "GET", "/terms")["items"]:
        term.api("catalog", "POST", f"/terms/{one['id']}/archive", json={})
