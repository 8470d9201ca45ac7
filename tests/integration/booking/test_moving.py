"""Moving and cancelling a booking, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.clock import now
from tests.integration.booking.build import kettle, repair
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_moving_gives_one_place_back_and_takes_the_other(booking: Service) -> None:
    told = repair(booking)
    first, second = told.slots()
    student = booking.as_("student")
    booked = student.post("/appointments", {"slot_id": first["id"], "devices": [kettle()]}).json

    moved = student.post(f"/appointments/{booked['id']}/move", {"slot_id": second["id"]})

    assert moved.status_code == 200, moved.json
    assert moved.json["starts_at"] == second["starts_at"]
    assert [slot["taken"] for slot in told.slots()] == [0, 1]
    (event,) = booking.announced("appointment.moved.v1")
    assert event.data["previous_starts_at"] == first["starts_at"]
    assert event.version == 2


def test_a_move_to_a_full_slot_changes_nothing(booking: Service) -> None:
    told = repair(booking, accepted=1, devices_per_bench=1)
    first, second = told.slots()
    student = booking.as_("student")
    mine = student.post("/appointments", {"slot_id": first["id"], "devices": [kettle()]}).json
    booking.as_("student").post("/appointments", {"slot_id": second["id"], "devices": [kettle()]})

    refused = student.post(f"/appointments/{mine['id']}/move", {"slot_id": second["id"]})

    assert refused.json["code"] == "slot_full"
    assert [slot["taken"] for slot in told.slots()] == [1, 1]
    assert student.get(f"/appointments/{mine['id']}").json["slot_id"] == first["id"]


def test_cancelling_frees_the_place_and_is_done_once(booking: Service) -> None:
    told = repair(booking)
    student = booking.as_("student")
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    booked = student.post("/appointments", wish).json

    cancelled = student.post(f"/appointments/{booked['id']}/cancel")
    again = student.post(f"/appointments/{booked['id']}/cancel")
    rebooked = student.post("/appointments", wish)

    assert cancelled.json["state"] == "cancelled"
    assert {device["state"] for device in cancelled.json["devices"]} == {"cancelled"}
    assert (again.status_code, again.json["code"]) == (409, "not_live")
    assert rebooked.status_code == 201
    assert told.slots()[0]["taken"] == 1


def test_within_the_cut_off_only_staff_may_cancel(booking: Service) -> None:
    soon = now() + timedelta(minutes=30)
    told = repair(booking, starts_at=soon)
    student = booking.as_("student")
    booked = student.post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    ).json

    refused = student.post(f"/appointments/{booked['id']}/cancel")
    by_staff = booking.as_("coordinator").post(f"/appointments/{booked['id']}/cancel")

    assert (refused.status_code, refused.json["code"]) == (409, "too_late")
    assert (by_staff.status_code, by_staff.json["by"]) == (200, "staff")
