"""Taking the last tap of a desk back, on both databases; refused when something stands on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.models.tap import Tap
from tests.integration.booking.line import booked, call, queue, today, walk_in
from tests.integration.booking.test_turns import post
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def last(told: Any, desk: ApiClient) -> Any:
    return queue(told, desk)["undo"]


def undo(told: Any, desk: ApiClient, status: int = 200) -> Any:
    return post(desk, f"/taps/{last(told, desk)['id']}/undo", status=status)


def test_every_act_of_the_desk_is_taken_back_to_how_it_stood(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    id, ticket = place["id"], place["devices"][0]["id"]
    acts: list[tuple[str, str, Any]] = [
        ("call", f"/sessions/{told.id}/call-next", {"bench": 1}),
        ("recall", f"/visits/{id}/recall", {}),
        ("absent", f"/visits/{id}/absent", {}),
        ("return", f"/visits/{id}/return", {}),
        ("snooze", f"/visits/{id}/snooze", {}),
        ("take_back", f"/visits/{id}/take-back", {}),
        ("call", f"/sessions/{told.id}/call-next", {"bench": 2}),
        ("start", f"/tickets/{ticket}/start", {"bench": 2}),
        ("pause", f"/tickets/{ticket}/pause", {}),
        ("resume", f"/visits/{id}/resume", {"session_id": told.id}),
        ("call", f"/sessions/{told.id}/call-next", {"bench": 1}),
        ("start", f"/tickets/{ticket}/start", {"bench": 1}),
        ("close", f"/tickets/{ticket}/close", {"status": "End of life"}),
    ]

    for name, path, body in acts:
        before = desk.get(f"/places/{id}").json
        post(desk, path, body)
        assert last(told, desk)["act"] == name
        undo(told, desk)
        assert stands(desk.get(f"/places/{id}").json) == stands(before), name
        assert last(told, desk) is None or last(told, desk)["act"] != name
        post(desk, path, body)

    assert desk.get(f"/places/{id}").json["step"] == "done"
    assert_versions_grow(booking)


def stands(place: Any) -> Any:
    """How a place stands, without versions and what moves with the clock."""
    visit = {n: v for n, v in place["visit"].items() if n not in ("version", "wait", "called_at")}
    devices = [{n: v for n, v in one.items() if n != "version"} for one in place["devices"]]
    return place["step"], visit, devices


def assert_versions_grow(booking: Service) -> None:
    seen: dict[str, int] = {}
    for event in booking.announced():
        assert event.version > seen.get(event.subject, 0), event
        seen[event.subject] = event.version


def test_one_tap_after_the_other_is_taken_back(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    visit = call(told, desk)
    post(desk, f"/visits/{visit['id']}/recall")
    post(desk, f"/visits/{visit['id']}/absent")

    for act in ("absent", "recall", "call", "walk_in"):
        assert last(told, desk)["act"] == act
        undo(told, desk)

    assert last(told, desk) is None
    assert queue(told, desk)["waiting"] == []


def test_a_check_in_taken_back_leaves_the_booking_as_it_was(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)
    path = f"/sessions/{told.id}/check-ins"
    post(desk, path, {"appointment_id": appointment["id"]}, status=201)

    undo(told, desk)

    place = student.get(f"/places/{appointment['id']}").json
    assert (place["step"], place["number"], place["visit"]) == ("booked", None, None)
    assert len(place["devices"]) == 1
    again = post(desk, path, {"appointment_id": appointment["id"]}, status=201)
    assert (again["step"], again["number"]) == ("waiting", "A002")
    assert_versions_grow(booking)


def test_leaving_taken_back_holds_the_booked_place_again(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)
    taken = told.slots()[-1]["taken"]
    post(desk, f"/sessions/{told.id}/check-ins", {"appointment_id": appointment["id"]}, status=201)
    visit = queue(told, desk)["waiting"][0]
    post(desk, f"/visits/{visit['id']}/leave")
    assert told.slots()[-1]["taken"] == taken - 1

    undo(told, desk)

    assert told.slots()[-1]["taken"] == taken
    place = student.get(f"/places/{appointment['id']}").json
    assert (place["step"], place["appointment"]["state"]) == ("waiting", "arrived")
    assert place["devices"][0]["state"] == "waiting"
    assert_versions_grow(booking)


def test_what_something_stands_on_is_not_taken_back(booking: Service) -> None:
    told, desk, other = today(booking), booking.as_("coordinator"), booking.as_("coordinator")
    walk_in(told, desk)
    visit = call(told, desk)
    act = last(told, desk)
    post(other, f"/visits/{visit['id']}/recall")

    refused = post(desk, f"/taps/{act['id']}/undo", status=409)

    assert refused["code"] == "not_undoable"
    assert "之后又有了变动" in refused["detail"]
    assert last(told, other)["act"] == "recall"
    assert post(other, f"/taps/{act['id']}/undo", status=404)


def test_a_bench_that_is_in_use_again_refuses_the_undo(booking: Service) -> None:
    told, desk, other = today(booking), booking.as_("coordinator"), booking.as_("coordinator")
    first, _ = walk_in(told, desk), walk_in(told, desk)
    call(told, desk)
    post(desk, f"/visits/{first['id']}/absent")
    call(told, other)

    assert "工位已经有人" in undo(told, desk, status=409)["detail"]


def test_after_two_minutes_it_is_too_late(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    act = last(told, desk)
    with booking.database.transaction() as session:
        session.execute(update(Tap).values(at=Tap.at))
        row = session.get_one(Tap, act["id"])
        row.at -= timedelta(minutes=3)

    assert last(told, desk) is None
    assert "两分钟" in post(desk, f"/taps/{act['id']}/undo", status=409)["detail"]


def test_an_act_is_taken_back_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    call(told, desk)
    act = last(told, desk)
    post(desk, f"/taps/{act['id']}/undo")

    assert post(desk, f"/taps/{act['id']}/undo", status=409)["code"] == "not_undoable"
