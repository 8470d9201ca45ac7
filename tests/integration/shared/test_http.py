"""What every service's HTTP side promises: problems, keys, versions, tokens, health."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields, validate
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shared import http, tables
from shared.auth import ANYONE, SIGNED_IN, STAFF, TokenKeys, ensure_keys
from shared.clock import now
from shared.errors import Conflict, Invalid
from shared.http import Blueprint, build_app, once
from shared.ids import new_id
from shared.schemas import PersonText, Schema
from shared.settings import BaseSettings, fields_from_env
from tests.integration.shared.conftest import MakeDatabase

PATH = "/api/alpha/v1"


class ThingBody(Schema):
    """A thing as a client sends it."""

    name = PersonText(20, least=1, required=True)
    size = fields.Integer(load_default=1, validate=validate.Range(1, 9))


blp = Blueprint("things", "things")


@blp.post("/things")
@blp.arguments(ThingBody)
@blp.response(201, ThingBody)
def make(body: dict[str, Any]) -> Any:
    """Make a thing: one row, under a random key."""

    def work(session: Session) -> dict[str, Any]:
        values = {"bucket": body["name"], "key": new_id(), "tokens": 1.0, "filled_at": now()}
        session.execute(insert(tables.rate_bucket).values(values))
        if body["name"] == "refused":
            raise Conflict
        if body["name"] == "odd":
            raise Invalid(fields={"size": ("太奇怪了。", "Too odd.")})
        return {"name": body["name"], "size": body["size"]}

    return once(work)


@blp.get("/staff")
def staff() -> str:
    """For staff."""
    return "ok"


@blp.get("/open")
def open_to_all() -> str:
    """For everybody."""
    return "ok"


@blp.get("/unlisted")
def unlisted() -> str:
    """In no table."""
    return "never"


@blp.get("/broken")
def broken() -> str:
    """Fail."""
    raise ZeroDivisionError


ACCESS = {
    "things.make": SIGNED_IN,
    "things.staff": STAFF,
    "things.open_to_all": ANYONE,
    "things.broken": ANYONE,
}


@pytest.fixture
def app(plumbed: MakeDatabase, tmp_path: Path) -> Flask:
    """A service of one route file on a fresh database."""
    ensure_keys(tmp_path)
    env = {"TOKEN_KEYS": str(tmp_path), "DATA_DIR": str(tmp_path)}
    settings = BaseSettings(**fields_from_env("alpha", env))
    made = build_app(settings, plumbed("alpha"), [blp], ACCESS)
    made.extensions["keys_folder"] = tmp_path
    return made


def headers(app: Flask, *roles: str, key: str | None = None, locale: str = "zh") -> dict[str, str]:
    """Return the headers of somebody with these roles."""
    token = TokenKeys.load(app.extensions["keys_folder"]).mint("p1", frozenset(roles))
    made = {"Authorization": f"Bearer {token}", "Accept-Language": locale}
    return {**made, "Idempotency-Key": key} if key else made


def post(app: Flask, body: Any, key: str | None = None, locale: str = "zh") -> TestResponse:
    """Make a thing as a student."""
    client: FlaskClient = app.test_client()
    given = headers(app, "student", key=key, locale=locale)
    return client.post(f"{PATH}/things", json=body, headers=given)


def rows(app: Flask, name: str) -> int:
    """Count the things of this name."""
    with app.extensions["database"].reading() as session:
        bucket = tables.rate_bucket
        statement = select(func.count()).where(bucket.c.bucket == name)
        return int(session.execute(statement).scalar_one())


def test_the_same_request_twice_is_done_once_and_answered_twice(app: Flask) -> None:
    first = post(app, {"name": "lamp"}, key="k1")
    again = post(app, {"name": "lamp"}, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert rows(app, "lamp") == 1


def test_another_body_under_the_same_key_is_refused(app: Flask) -> None:
    post(app, {"name": "lamp"}, key="k1")

    other = post(app, {"name": "kettle"}, key="k1")

    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert rows(app, "kettle") == 0


def test_a_refusal_is_not_remembered_and_leaves_nothing(app: Flask) -> None:
    for _ in range(2):
        refused = post(app, {"name": "refused"}, key="k1")
        assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
    assert rows(app, "refused") == 0
    with app.extensions["database"].reading() as session:
        assert session.execute(select(tables.idempotency_key)).first() is None


def test_ten_clients_with_one_key_get_one_thing_and_ten_answers(app: Flask) -> None:
    gate = threading.Barrier(10)

    def send(_: int) -> int:
        gate.wait()
        return post(app, {"name": "raced"}, key="same").status_code

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(send, range(10)))

    assert answers == {201: 10}
    assert rows(app, "raced") == 1


@pytest.mark.parametrize(
    ("locale", "text"), [("zh", "请填写这一项。"), ("en", "Please fill this in.")]
)
def test_a_wrong_field_is_named_in_the_readers_language(app: Flask, locale: str, text: str) -> None:
    answer = post(app, {"size": 99, "colour": "red"}, locale=locale)

    body = answer.get_json()
    assert answer.status_code == 422
    assert answer.content_type == http.PROBLEM
    found = {item["pointer"]: item["detail"] for item in body["errors"]}
    assert found["#/name"] == text
    assert set(found) == {"#/name", "#/size", "#/colour"}


def test_a_rule_can_name_the_field_it_is_about(app: Flask) -> None:
    body = post(app, {"name": "odd"}, locale="en").get_json()

    assert body["errors"] == [{"pointer": "#/size", "detail": "Too odd."}]


def test_control_characters_are_refused_and_rare_letters_kept(app: Flask) -> None:
    assert post(app, {"name": "a\x00b"}).status_code == 422
    assert post(app, {"name": "𠮷👩‍🔧שלום"}).get_json()["name"] == "𠮷👩‍🔧שלום"


def test_what_no_table_lists_is_nobodys(app: Flask) -> None:
    client = app.test_client()

    def get(path: str, *roles: str) -> int:
        given = headers(app, *roles) if roles else {}
        return client.get(f"{PATH}{path}", headers=given).status_code

    assert get("/unlisted", "admin") == 403
    assert get("/staff") == 401
    assert get("/staff", "student") == 403
    assert get("/staff", "coordinator") == 200
    assert get("/staff", "admin") == 200
    assert get("/open") == 200
    assert client.get(f"{PATH}/open", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize("path", ["/nowhere", "/broken"])
def test_every_error_is_a_problem_with_a_code(app: Flask, path: str) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = app.test_client().get(f"{PATH}{path}")

    assert answer.content_type == http.PROBLEM
    assert set(answer.get_json()) >= {"type", "title", "status", "detail", "code"}
    assert answer.get_json()["status"] == answer.status_code


def test_bad_json_is_a_bad_request_not_a_crash(app: Flask) -> None:
    given = {**headers(app, "student"), "Content-Type": "application/json"}

    answer = app.test_client().post(f"{PATH}/things", data=b"{oops", headers=given)

    assert answer.status_code == 400


def test_health_answers_without_a_token(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/healthz").get_json()["status"] == "ok"
    assert client.get("/api/alpha/healthz").status_code == 200
    assert b"suite_request_seconds" in client.get("/metrics").data
