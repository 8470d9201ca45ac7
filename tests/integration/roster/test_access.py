"""Who may call what: every route of the roster with every role."""

from collections.abc import Callable

import pytest

from services.roster.routes import ACCESS
from shared.auth import ANYONE, allows
from shared.ids import new_id
from tests.support.services import Service

ROLES = ["anonymous", "student", "volunteer", "coordinator", "admin", "front"]


@pytest.fixture
def service(new_service: Callable[..., Service]) -> Service:
    """The roster on SQLite: who may call what does not depend on the database."""
    return new_service("roster")


def test_every_route_is_listed_and_nothing_else(service: Service) -> None:
    built_in = {"healthz", "readyz", "metrics", "api-docs.openapi_json"}

    endpoints = {rule.endpoint for rule in service.app.url_map.iter_rules()}

    assert endpoints - built_in == set(ACCESS)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_only_the_roles_of_its_table(service: Service, role: str) -> None:
    person = None if role == "anonymous" else service.people.new(role)
    client = service.client(person)
    for rule in service.app.url_map.iter_rules():
        if rule.endpoint not in ACCESS:
            continue
        path = str(rule).removeprefix("/api/roster/v1")
        path = path.replace("<code>", "a-skill").replace("<", "").replace(">", "")
        path = path.replace("shift_id", new_id()).replace("person_id", new_id())
        method = next(iter((rule.methods or set()) - {"OPTIONS", "HEAD"}))

        status = client.call(method, path, json=None if method == "GET" else {}).status_code

        roles = ACCESS[rule.endpoint]
        allowed = roles == ANYONE or (person is not None and allows(roles, person.roles))
        refused = status == (401 if person is None else 403)
        assert refused is not allowed, (role, method, path, status)
