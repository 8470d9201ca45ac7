"""What the line really announces fits what booking promises, and names nobody."""

import json
from collections.abc import Callable
from pathlib import Path

from jsonschema import Draft202012Validator

import services.booking
from shared.ids import new_id
from tests.integration.booking.bench import FAILING, PASSING, done, give, measure, skilled
from tests.integration.booking.line import booked, call, serve, today, walk_in
from tests.support.services import Service

CONTRACTS = Path(str(services.booking.__file__)).parent / "contracts"
LINE = {
    "visit.arrived.v1",
    "visit.called.v1",
    "visit.closed.v1",
    "ticket.started.v1",
    "ticket.closed.v1",
    "ticket.tested.v1",
    "ticket.handed_back.v1",
}


def validator(type: str) -> Draft202012Validator:
    schema = json.loads((CONTRACTS / f"{type}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def live_through_an_afternoon(booking: Service) -> None:
    """Arrive booked and not, be called, be away, come back, be served, be tested, be undone, leave."""
    told, desk = today(booking), booking.as_("coordinator")
    skilled_desk = skilled(told)
    for readings in (PASSING, FAILING):
        id = done(told, skilled_desk)
        measure(skilled_desk, id, readings)
        give(skilled_desk, id, disabled=readings is FAILING, acknowledged_by="王五丰")
        desk.post(f"/tickets/{id}/take-back")
    place = walk_in(told, desk, name="张三明", person_id=new_id())
    walk_in(told, desk)
    call(told, desk)
    desk.post(f"/visits/{place['id']}/recall")
    desk.post(f"/visits/{place['id']}/absent")
    desk.post(f"/visits/{place['id']}/return")
    served = serve(told, desk, status="End of life", barrier="Item too worn out")
    desk.post(f"/tickets/{served['devices'][0]['id']}/reopen")
    desk.post(f"/tickets/{served['devices'][0]['id']}/reopen")
    appointment = booked(told)
    desk.post(f"/sessions/{told.id}/check-ins", {"appointment_id": appointment["id"]})
    told.cancel()


def test_the_line_is_announced_as_promised(any_service: Callable[[str], Service]) -> None:
    booking = any_service("booking")
    live_through_an_afternoon(booking)

    announced = [event for event in booking.announced() if event.type in LINE]

    assert {event.type for event in announced} == LINE
    for event in announced:
        validator(event.type).validate(event.data)
        assert "张三明" not in event.to_bytes().decode()
        assert "王五丰" not in event.to_bytes().decode()


def test_versions_of_the_line_only_grow(any_service: Callable[[str], Service]) -> None:
    booking = any_service("booking")
    live_through_an_afternoon(booking)

    last: dict[str, int] = {}
    for event in booking.announced():
        assert event.version > last.get(event.subject, 0), event
        last[event.subject] = event.version
