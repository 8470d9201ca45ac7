"""Devices at a bench: start, outcome, undo, on both databases."""

from collections.abc import Callable

import pytest

from services.booking.models.outcome import BARRIERS, STATUSES
from tests.integration.booking.build import kettle
from tests.integration.booking.line import booked, call, helper, queue, serve, today, walk_in
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_visit_ends_with_its_last_device(booking: Service) -> None:
    told = today(booking)
    desk = helper(told)
    place = walk_in(told, desk, devices=2)
    first, second = (device["id"] for device in call(told, desk)["devices"])

    steps = []
    for id in (first, second):
        desk.post(f"/tickets/{id}/start", {"bench": 1})
        desk.post(f"/tickets/{id}/close", {"status": "Repairable"})
        steps.append(desk.get(f"/places/{place['id']}").json["step"])

    assert steps == ["serving", "done"]
    started, closed = booking.announced("ticket.started.v1"), booking.announced("ticket.closed.v1")
    assert started[0].data["volunteer_id"] == desk.person.id
    assert [event.data["status"] for event in closed] == ["Repairable", "Repairable"]
    assert len(booking.announced("visit.closed.v1")) == 1


def test_a_served_booking_says_so(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    appointment = booked(told)
    desk.post(f"/sessions/{told.id}/check-ins", {"appointment_id": appointment["id"]})

    serve(told, desk)

    read = desk.get(f"/appointments/{appointment['id']}").json
    assert (read["state"], read["number"]) == ("served", "A001")


@pytest.mark.parametrize("status", STATUSES)
def test_every_outcome_of_the_standard_is_kept_verbatim(
    new_service: Callable[..., Service], status: str
) -> None:
    booking = new_service("booking")
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)

    serve(told, desk, status=status)

    assert queue(told, desk)["recent"][0]["status"] == status


@pytest.mark.parametrize("barrier", BARRIERS)
def test_every_barrier_of_the_standard_and_of_its_data_is_kept_verbatim(
    new_service: Callable[..., Service], barrier: str
) -> None:
    booking = new_service("booking")
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)

    serve(told, desk, status="End of life", barrier=barrier)

    assert queue(told, desk)["recent"][0]["barrier"] == barrier


def test_a_barrier_goes_only_with_end_of_life_and_is_optional_there(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    id = call(told, desk)["devices"][0]["id"]
    desk.post(f"/tickets/{id}/start", {"bench": 1})
    path = f"/tickets/{id}/close"

    wrong = desk.post(path, {"status": "Fixed", "barrier": "Lack of equipment"})
    unknown = desk.post(path, {"status": "Broken"})
    fine = desk.post(path, {"status": "End of life"})

    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "#/barrier")
    assert (unknown.status_code, unknown.json["errors"][0]["pointer"]) == (422, "#/status")
    assert (fine.status_code, fine.json["barrier"]) == (200, None)


def test_a_second_tap_is_refused_with_the_reason(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    id = call(told, desk)["devices"][0]["id"]

    too_early = desk.post(f"/tickets/{id}/close", {"status": "Fixed"})
    desk.post(f"/tickets/{id}/start", {"bench": 1})
    again = desk.post(f"/tickets/{id}/start", {"bench": 1})

    assert (too_early.status_code, too_early.json["code"]) == (409, "device_not_in_state")
    assert "等候中" in too_early.json["detail"]
    assert (again.status_code, again.json["code"]) == (409, "device_not_in_state")


def test_a_wrong_outcome_is_undone_with_the_visit(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    serve(told, desk, status="End of life", barrier="Too worn out")
    id = place["devices"][0]["id"]

    undone = desk.post(f"/tickets/{id}/reopen").json

    assert (undone["state"], undone["status"], undone["barrier"], undone["bench"]) == (
        "started", None, None, 1,
    )  # fmt: skip
    assert desk.get(f"/places/{place['id']}").json["step"] == "serving"
    closed = desk.post(f"/tickets/{id}/close", {"status": "Fixed"})
    assert closed.json["status"] == "Fixed"


def test_an_undone_outcome_does_not_push_anybody_from_the_bench(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    serve(told, desk)
    walk_in(told, desk)
    call(told, desk)

    undone = desk.post(f"/tickets/{place['devices'][0]['id']}/reopen")

    assert (undone.status_code, undone.json["bench"]) == (200, None)
    assert queue(told, desk)["benches"][0]["visit"]["number"] == "B002"


def test_a_wrong_start_is_undone(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    visit = call(told, desk)
    id = visit["devices"][0]["id"]
    desk.post(f"/tickets/{id}/start", {"bench": 1})

    undone = desk.post(f"/tickets/{id}/reopen").json

    assert (undone["state"], undone["bench"], undone["started_at"]) == ("waiting", None, None)
    assert [one["number"] for one in queue(told, desk)["called"]] == ["B001"]


def test_a_device_brought_along_joins_the_visit(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)

    added = desk.post(f"/visits/{place['id']}/devices", kettle(category_id=39))

    assert (added.status_code, added.json["number"]) == (201, "B001")
    assert len(queue(told, desk)["waiting"][0]["devices"]) == 2


def test_the_same_key_starts_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    path = f"/sessions/{told.id}/call-next"

    first = desk.post(path, {"bench": 1}, key="tap-1")
    again = desk.post(path, {"bench": 1}, key="tap-1")

    assert first.json == again.json
    assert len(booking.announced("visit.called.v1")) == 1
