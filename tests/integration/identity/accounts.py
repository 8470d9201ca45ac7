"""Accounts for identity's tests."""

from typing import Any

from tests.support.clients import ApiClient
from tests.support.services import Service

PASSWORD = "kettle-and-solder"


def form(login: str = "zhangming", **changes: Any) -> dict[str, Any]:
    """Return what somebody types to register."""
    return {
        "login": login,
        "password": PASSWORD,
        "name": "张明",
        "locale": "zh",
        "consent_version": "2026-11",
        **changes,
    }


def register(identity: Service, login: str = "zhangming", **changes: Any) -> dict[str, Any]:
    """Register somebody and return them."""
    answer = identity.client().post("/registrations", form(login, **changes))
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def sign_in(identity: Service, login: str = "zhangming", password: str = PASSWORD) -> Any:
    """Sign in as the browser's front would."""
    return identity.client().post("/sessions", {"login": login, "password": password})


def as_person(identity: Service, person: dict[str, Any], *roles: str) -> ApiClient:
    """Return a client that asks as this registered person."""
    return identity.client(identity.people.new(*roles, id=person["id"]))


def errors(answer: Any) -> dict[str, str]:
    """Return the wrong fields of an answer and what is said about them."""
    return {item["pointer"]: item["detail"] for item in answer.json["errors"]}
