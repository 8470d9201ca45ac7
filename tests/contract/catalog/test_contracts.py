"""Catalog's promises: its API description, and its events as they are really announced."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import services.catalog
from tests.integration.catalog.planning import Planning, text, venue
from tests.integration.catalog.test_calendar import term
from tests.integration.catalog.test_quizzes import quiz, write
from tests.support.services import Service

CONTRACTS = Path(str(services.catalog.__file__)).parent / "contracts"
TYPES = sorted(path.name.removesuffix(".schema.json") for path in CONTRACTS.glob("*.schema.json"))


def read(name: str) -> Any:
    """Return what a contract file says."""
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def strictly(type: str) -> Draft202012Validator:
    """Return a validator of an event that also refuses fields nobody promised."""
    schema = {**read(f"{type}.schema.json"), "additionalProperties": False}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def everything_that_happens(catalog: Service) -> None:
    """Let every kind of event happen."""
    planning = Planning(catalog)
    theme = planning.made("/programmes", title=text("学雷锋日"), theme_day="2027-03-05")
    session = planning.published(programme_id=theme["id"])
    planning.edit(session, benches=2)
    planning.staff.put(f"/venues/{planning.venue['id']}", venue(name=text("B102")), if_match=1)
    planning.staff.post(f"/sessions/{session['id']}/cancel", {"reason": text("停电")})
    planning.series(weeks=2)
    planning.made("/terms", **term())
    write(planning, quiz())
    planning.staff.post(f"/offerings/{planning.offering['id']}/archive")


def test_the_description_is_the_committed_one_and_valid(
    new_service: Callable[..., Service],
) -> None:
    served = new_service("catalog").client().get("/openapi.json").json

    assert served == read("openapi.json"), "python -m services.catalog.cli openapi"
    OpenAPIV31SpecValidator(served).validate()


@pytest.mark.parametrize("type", TYPES)
def test_every_event_has_an_example_that_fits_its_schema(type: str) -> None:
    strictly(type).validate(read(f"{type}.example.json"))


def test_events_are_announced_as_promised(any_service: Callable[[str], Service]) -> None:
    service = any_service("catalog")

    everything_that_happens(service)

    announced = service.announced()
    assert {event.type for event in announced} == set(TYPES)
    for event in announced:
        strictly(event.type).validate(event.data)


def test_versions_of_each_aggregate_only_grow(any_service: Callable[[str], Service]) -> None:
    service = any_service("catalog")

    everything_that_happens(service)

    last: dict[str, int] = {}
    for event in service.announced():
        assert event.version > last.get(event.subject, 0)
        last[event.subject] = event.version
