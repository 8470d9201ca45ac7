"""The gateway over HTTP, as in the distributed suite: APIs and live streams behind the front's port."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from services.web.app import create_app
from services.web.settings import read_settings
from shared.ids import new_id
from shared.tables import rate_bucket
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

SERVICES = ("catalog", "booking", "roster", "notify", "identity")


class DispatchPaths:
    """Services side by side at one address, each reached directly."""

    def __init__(self, apps: dict[str, Any]) -> None:
        self.apps = apps

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Give the request to the service whose path it is."""
        path = environ["PATH_INFO"]
        app = next(app for start, app in self.apps.items() if path.startswith(f"{start}/"))
        return app(environ, start_response)


@pytest.fixture(scope="module")
def front(term: Term) -> Iterator[Flask]:
    """A front that reaches every service and the live process by address."""
    services: dict[str, Any] = {f"/api/{name}": term.suite.parts[name].app for name in SERVICES}
    apart = DispatchPaths({**services, "/live": term.suite.live})
    server = make_server("127.0.0.1", 0, apart, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    address = f"http://127.0.0.1:{server.port}"
    urls = {f"{name.upper()}_URL": address for name in SERVICES}
    yield create_app(read_settings({**term.env, **urls, "LIVE_URL": address}))
    server.shutdown()
    serving.join()
    server.server_close()


def bearer(term: Term, login: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {term.token(login)}"}


def test_pages_work_over_http_as_they_do_in_process(term: Term, front: Flask) -> None:
    reader = Reader(front)
    reader.sign_in("student3")

    assert reader.open("/me").status == 200


def test_a_body_is_passed_on(term: Term, front: Flask) -> None:
    words = {"name": {"zh": "报告厅", "en": "Hall"}, "stations": 0, "seats": 20}
    headers = {**bearer(term, "coordinator"), "Idempotency-Key": new_id()}

    first = front.test_client().post("/api/catalog/v1/venues", json=words, headers=headers)
    again = front.test_client().post("/api/catalog/v1/venues", json=words, headers=headers)

    assert first.status_code == 201
    assert first.get_json()["id"] == again.get_json()["id"]


def test_a_refusal_comes_back_as_it_is(term: Term, front: Flask) -> None:
    headers = {**bearer(term, "coordinator"), "Accept-Language": "en"}

    answer = front.test_client().post("/api/catalog/v1/venues", json={"x": 1}, headers=headers)

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_versions_pass_both_ways(term: Term, front: Flask) -> None:
    venue = term.api("catalog", "POST", "/venues", json={"name": {"zh": "教室", "en": "Room"}})
    path = f"/api/catalog/v1/venues/{venue['id']}"
    client = front.test_client()
    seen = client.get(path).headers["ETag"]
    words = {"name": {"zh": "新教室", "en": "New room"}}

    changed = client.put(
        path, json=words, headers={**bearer(term, "coordinator"), "If-Match": seen}
    )
    stale = client.put(path, json=words, headers={**bearer(term, "coordinator"), "If-Match": seen})

    assert (changed.status_code, stale.status_code) == (200, 412)


def test_a_live_stream_flows_through(term: Term, front: Flask) -> None:
    session_id = term.plan("repair")

    answer = front.test_client().get(f"/live/sessions/{session_id}", buffered=False)
    first = next(iter(answer.response))
    answer.close()

    assert answer.mimetype == "text/event-stream"
    assert first


def test_a_service_that_is_away_is_a_problem_with_a_time_to_retry(term: Term) -> None:
    answer = term.without("catalog").test_client().get("/api/catalog/v1/venues")

    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Retry-After"]


def buckets(term: Term) -> set[str]:
    with term.suite.parts["identity"].database.reading() as session:
        statement = select(rate_bucket.c.key).where(rate_bucket.c.bucket == "sign-in-address")
        return set(session.scalars(statement))


@pytest.mark.parametrize("how", ["in process", "over HTTP"])
def test_api_clients_are_counted_by_the_address_the_front_saw(
    term: Term, front: Flask, how: str
) -> None:
    app = front if how == "over HTTP" else term.app
    address = "192.0.2.1" if how == "over HTTP" else "192.0.2.2"
    claimed = {"X-Client-Address": "198.51.100.7", "X-Client-Proof": "0" * 64}
    words = {"login": "nobody-here", "password": "wrong"}

    answer = app.test_client().post(
        "/api/identity/v1/tokens",
        json=words,
        headers=claimed,
        environ_base={"REMOTE_ADDR": address},
    )

    assert answer.status_code == 401
    assert address in buckets(term)
    assert "198.51.100.7" not in buckets(term)
