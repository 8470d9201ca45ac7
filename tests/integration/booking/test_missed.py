"""Who booked and did not come is noted after the session, and taken in if they come all the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.booking.use_cases.missed import AFTER, note_missed
from shared import clock
from tests.integration.booking.build import kettle, repair
from tests.support.clients import ApiClient
from tests.support.services import Service

PERSON = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"


@pytest.fixture
def booking(any_service: Callable[[str], Service], tmp_path: Path) -> Iterator[Service]:
    service = any_service("booking")
    simulated = clock.configure(clock.SIMULATED, tmp_path / "clock.json")
    simulated.set(clock.parse("2026-11-25T01:00:00Z"))
    yield service
    clock.configure(clock.REAL)


def student(booking: Service) -> ApiClient:
    """Return the one student, with a token of this moment."""
    return booking.client(booking.people.new("student", id=PERSON))


def noted(booking: Service) -> int:
    with booking.database.transaction() as session:
        return note_missed(session)


def test_a_booking_nobody_came_for_is_noted_once_an_hour_after_the_session(
    booking: Service,
) -> None:
    told = repair(booking)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    made = student(booking).post("/appointments", wish).json
    ends = clock.parse(told.data["ends_at"])

    clock.current().set(ends + AFTER - timedelta(minutes=1))
    assert noted(booking) == 0
    clock.current().set(ends + AFTER + timedelta(minutes=1))
    assert noted(booking) == 1
    assert noted(booking) == 0

    assert student(booking).get(f"/appointments/{made['id']}").json["state"] == "no_show"
    assert student(booking).get(f"/places/{made['id']}").json["step"] == "absent"
    (event,) = booking.announced("appointment.missed.v1")
    assert (event.subject, event.data["state"]) == (made["id"], "no_show")


def test_who_comes_after_all_is_taken_in(booking: Service) -> None:
    told = repair(booking)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    made = student(booking).post("/appointments", wish).json
    clock.current().set(clock.parse(told.data["ends_at"]) + AFTER + timedelta(minutes=1))
    noted(booking)

    body = {"appointment_id": made["id"]}
    visit = booking.as_("coordinator").post(f"/sessions/{told.id}/check-ins", body)

    assert visit.status_code == 201, visit.json
    assert student(booking).get(f"/appointments/{made['id']}").json["state"] == "arrived"
