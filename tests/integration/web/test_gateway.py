"""The gateway over HTTP, as in the distributed suite: APIs and live streams behind the front's port."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from services.web.app import create_app
from services.web.settings import read_settings
from shared.ids import new_id
from tests.integration.web.conftest import Term
from tests.integration.web.pages import Reader

SERVICES = ("catalog", "booking", "roster", "notify", "identity")


@pytest.fixture(scope="module")
def front(term: Term) -> Iterator[Flask]:
    """A front that reaches every service and the live process by address."""
    server = make_server("127.0.0.1", 0, term.suite.wsgi, threaded=True)
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
