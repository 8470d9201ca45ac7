"""Booking's promises: its API description, and its events as they are really announced."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import update

import services.booking
from services.booking.models.session import ServiceSession
from services.booking.use_cases.missed import note_missed
from shared.clock import iso, now, parse
from tests.integration.booking.build import HOUR, Told, kettle, repair, training
from tests.support.services import Service

CONTRACTS = Path(str(services.booking.__file__)).parent / "contracts"
TYPES = sorted(path.name.removesuffix(".schema.json") for path in CONTRACTS.glob("*.schema.json"))
PLACES = [type for type in TYPES if type.startswith(("appointment.", "enrolment.", "training."))]


def read(name: str) -> Any:
    return json.loads((CONTRACTS / name).read_text(encoding="utf-8"))


def validator(type: str) -> Draft202012Validator:
    schema = read(f"{type}.schema.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_description_is_the_committed_one_and_valid(
    new_service: Callable[..., Service],
) -> None:
    served = new_service("booking").client().get("/openapi.json").json

    assert served == read("openapi.json"), "python -m services.booking.cli openapi"
    OpenAPIV31SpecValidator(served).validate()


@pytest.mark.parametrize("type", TYPES)
def test_every_event_has_a_schema_that_its_example_fits(type: str) -> None:
    validator(type).validate(read(f"{type}.example.json"))


def test_places_are_announced_as_promised(any_service: Callable[[str], Service]) -> None:
    booking = any_service("booking")
    live_through_everything(booking)

    announced = [event for event in booking.announced() if event.type in PLACES]

    assert {event.type for event in announced} == set(PLACES)
    for event in announced:
        validator(event.type).validate(event.data)


def test_versions_of_each_aggregate_only_grow(any_service: Callable[[str], Service]) -> None:
    booking = any_service("booking")
    live_through_everything(booking)

    last: dict[str, int] = {}
    for event in booking.announced():
        assert event.version == last.get(event.subject, 0) + 1, event
        last[event.subject] = event.version


def live_through_everything(booking: Service) -> None:
    """Book, move, be moved along, cancel; enrol, wait, move up, leave, come; stay away."""
    told, course = repair(booking), training(booking, seats=1)
    first, second = booking.as_("student"), booking.as_("student")
    slots = [slot["id"] for slot in told.slots()]
    ids = [
        person.post("/appointments", {"slot_id": slots[0], "devices": [kettle()]}).json["id"]
        for person in (first, second)
    ]
    first.post(f"/appointments/{ids[0]}/move", {"slot_id": slots[1]})
    span = {name: iso(parse(told.data[name]) + HOUR) for name in ("starts_at", "ends_at")}
    told.change(**span)
    second.post(f"/appointments/{ids[1]}/cancel")
    told.cancel()
    rows = [
        person.post("/enrolments", {"session_id": course.id}).json["id"]
        for person in (first, second)
    ]
    first.post(f"/enrolments/{rows[0]}/leave")
    booking.as_("coordinator").post(f"/enrolments/{rows[1]}/attendance", {"state": "attended"})
    stay_away(booking, repair(booking))
    lose_a_place(booking, repair(booking, devices_per_bench=1))


def lose_a_place(booking: Service, told: Told) -> None:
    """Book, and have the volunteer drop out: once with room in the session, once without."""
    first, second = (slot["id"] for slot in told.slots())
    staff = booking.as_("coordinator")
    for _ in range(2):
        wish = {"slot_id": first, "devices": [kettle()]}
        booking.as_("student").post("/appointments", wish)
    told.staff(1)
    staff.post(f"/slots/{first}/displace")
    told.staff(0)
    staff.post(f"/slots/{second}/displace")


def stay_away(booking: Service, told: Told) -> None:
    """Book, do not come, and let the session be over."""
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    booking.as_("student").post("/appointments", wish)
    with booking.database.transaction() as session:
        over = update(ServiceSession).where(ServiceSession.id == told.id)
        session.execute(over.values(ends_at=now() - 2 * HOUR))
        note_missed(session)
