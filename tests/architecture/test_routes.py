"""Who may call what: every route is in its service's table, and the table is what happens."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask

from shared.auth import ADMIN, ANYONE, COORDINATOR
from shared.http import BUILT_IN
from tests.architecture.source import SERVICES
from tests.support.services import Service

NOBODY = "00000000-0000-4000-8000-000000000000"


def table(service: str) -> dict[str, frozenset[str]]:
    access: dict[str, frozenset[str]] = import_module(f"services.{service}.routes").ACCESS
    return access


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} - set(BUILT_IN)


def calls(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every (endpoint, method, path), with an id that belongs to nobody in the path."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<any\(([\w.-]+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<(?:\w+:)?\w+>", NOBODY, path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint not in BUILT_IN:
                yield rule.endpoint, method, path


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_is_listed_with_its_roles(
    name: str, new_service: Callable[..., Service]
) -> None:
    app = new_service(name).app

    assert endpoints(app) == set(table(name))


@pytest.mark.parametrize("name", SERVICES)
def test_a_role_that_is_not_listed_is_turned_away(
    name: str, new_service: Callable[..., Service]
) -> None:
    service = new_service(name)
    wrong = []

    for role, person in service.people.of_each_role().items():
        headers = {"Authorization": f"Bearer {person.token}"} if person else {}
        held = (person.roles if person else frozenset()) | (
            {COORDINATOR} if role == ADMIN else set()
        )
        for endpoint, method, path in calls(service.app):
            status = ask(service.app, method, path, headers)
            allowed = table(name)[endpoint] == ANYONE or bool(held & table(name)[endpoint])
            if wrong_answer(status, allowed, bool(person)):
                wrong.append(f"{role}: {method} {endpoint} → {status}")

    assert wrong == []


def ask(app: Flask, method: str, path: str, headers: dict[str, str]) -> int:
    body: dict[str, Any] = {} if method in ("GET", "DELETE") else {"json": {}}
    return app.test_client().open(path, method=method, headers=headers, **body).status_code


def wrong_answer(status: int, allowed: bool, signed_in: bool) -> bool:
    if status >= 500:
        return True
    if allowed:
        return status == 401 and signed_in
    return status != (403 if signed_in else 401)
