"""Builders of the line: a session on its day, people in it, and the desk that serves them."""

from datetime import datetime, timedelta
from typing import Any

from shared.auth import wall_key
from shared.clock import now
from shared.codes import rotating_code
from shared.ids import new_id
from tests.integration.booking.build import HOUR, Told, kettle, repair
from tests.support.clients import ApiClient
from tests.support.services import Service


def today(booking: Service, **given: Any) -> Told:
    """Tell booking of a session that began half an hour ago: two benches, an hour and a half left."""
    starts_at = given.pop("starts_at", None) or now() - timedelta(minutes=30)
    ends_at = given.pop("ends_at", None) or starts_at + 2 * HOUR
    return repair(booking, starts_at=starts_at, ends_at=ends_at, booking_closes_at=ends_at, **given)


def on_duty(told: Told, present: int) -> None:
    """Tell that `present` volunteers have checked in."""
    told.staffed += 1
    interval = {
        "starts_at": told.data["starts_at"],
        "ends_at": told.data["ends_at"],
        "skill": "repair",
        "accepted": max(2, present),
        "present": present,
        "needed": 2,
    }
    data = {"session_id": told.id, "intervals": [interval]}
    told.service.deliver("staffing.changed.v1", told.id, told.staffed, data)


def helper(told: Told) -> ApiClient:
    """Return a volunteer with a shift in this session."""
    person = told.service.people.volunteer()
    data = {
        "assignment_id": new_id(),
        "session_id": told.id,
        "person_id": person.id,
        "state": "accepted",
    }
    told.service.deliver("shift.accepted.v1", data["assignment_id"], 1, data)
    return told.service.client(person)


def booked(told: Told, student: ApiClient | None = None, **device: Any) -> dict[str, Any]:
    """Return a booking in the last slot, which has not begun."""
    student = student or told.service.as_("student")
    slot = told.slots()[-1]["id"]
    answer = student.post("/appointments", {"slot_id": slot, "devices": [kettle(**device)]})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def walk_in(told: Told, desk: ApiClient, devices: int = 1, **given: Any) -> dict[str, Any]:
    """Return the place of somebody who walked in."""
    body = {"devices": [kettle() for _ in range(devices)], **given}
    answer = desk.post(f"/sessions/{told.id}/walk-ins", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def queue(told: Told, desk: ApiClient) -> dict[str, Any]:
    """Return what the desk shows."""
    answer = desk.get(f"/sessions/{told.id}/queue")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def wall(told: Told, at: datetime | None = None) -> str:
    """Return the code on the wall."""
    return rotating_code(wall_key(told.service.settings.token_keys), told.id, at or now())


def call(told: Told, desk: ApiClient, bench: int = 1) -> dict[str, Any]:
    """Call the first in line."""
    answer = desk.post(f"/sessions/{told.id}/call-next", {"bench": bench})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def serve(told: Told, desk: ApiClient, bench: int = 1, **outcome: Any) -> dict[str, Any]:
    """Call the first in line and bring all their devices to an outcome."""
    visit = call(told, desk, bench)
    for device in visit["devices"]:
        begun = desk.post(f"/tickets/{device['id']}/start", {"bench": bench})
        assert begun.status_code == 200, begun.json
        closed = desk.post(f"/tickets/{device['id']}/close", {"status": "Fixed", **outcome})
        assert closed.status_code == 200, closed.json
    return visit
