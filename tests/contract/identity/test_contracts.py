"""Identity's promises: its API description, and its events as they are really announced."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import services.identity
from tests.support.services import Service

CONTRACTS = Path(str(services.identity.__file__)).parent / "contracts"
TYPES = sorted(path.name.removesuffix(".schema.json") for path in CONTRACTS.glob("*.schema.json"))


def read(name: str) -> Any:
    """Return what a contract file says."""
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def strictly(type: str) -> Draft202012Validator:
    """Return a validator of an event that also refuses fields nobody promised."""
    schema = {**read(f"{type}.schema.json"), "additionalProperties": False}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def everything_that_happens(identity: Service) -> None:
    """Let every kind of event happen."""
    body = {
        "login": "wangsiya",
        "password": "kettle-and-solder",
        "name": "王思雅",
        "consent_version": "2026-11",
    }
    person = identity.client().post("/registrations", body).json
    path = f"/people/{person['id']}/roles"
    identity.as_("admin").put(path, {"roles": ["volunteer"]}, if_match=1)
    me = identity.client(identity.people.new(id=person["id"]))
    me.patch("/people/me", {"locale": "en"})
    me.delete("/people/me")


def test_the_description_is_the_committed_one_and_valid(
    new_service: Callable[..., Service],
) -> None:
    served = new_service("identity").client().get("/openapi.json").json

    assert served == read("openapi.json"), "python -m services.identity.cli openapi"
    OpenAPIV31SpecValidator(served).validate()


@pytest.mark.parametrize("type", TYPES)
def test_every_event_has_an_example_that_fits_its_schema(type: str) -> None:
    strictly(type).validate(read(f"{type}.example.json"))


def test_events_are_announced_as_promised(any_service: Callable[[str], Service]) -> None:
    service = any_service("identity")

    everything_that_happens(service)

    announced = service.announced()
    assert {event.type for event in announced} == set(TYPES)
    for event in announced:
        strictly(event.type).validate(event.data)


def test_versions_of_each_aggregate_only_grow(any_service: Callable[[str], Service]) -> None:
    service = any_service("identity")

    everything_that_happens(service)

    last: dict[str, int] = {}
    for event in service.announced():
        assert event.version > last.get(event.subject, 0)
        last[event.subject] = event.version


def test_events_name_nobody(any_service: Callable[[str], Service]) -> None:
    identity = any_service("identity")

    everything_that_happens(identity)

    for event in identity.announced():
        assert "王思雅" not in event.to_bytes().decode()
        assert "wangsiya" not in event.to_bytes().decode()
