"""What is read of bookings: by their owner, by a coordinator, of many sessions at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.clock import parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, kettle, publish, repair, tomorrow
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_somebody_elses_booking_is_not_there(booking: Service) -> None:
    told = repair(booking)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    booked = booking.as_("student").post("/appointments", wish).json
    other = booking.as_("volunteer")

    answers = [
        other.get(f"/appointments/{booked['id']}"),
        other.post(f"/appointments/{booked['id']}/cancel"),
        other.post(f"/appointments/{booked['id']}/move", {"slot_id": told.slots()[1]["id"]}),
        other.get("/appointments/no-uuid"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


def test_a_coordinator_lists_a_session_page_by_page(booking: Service) -> None:
    told = repair(booking)
    slots = told.slots()
    for slot in (slots[1], slots[0], slots[1]):
        booking.as_("student").post("/appointments", {"slot_id": slot["id"], "devices": [kettle()]})
    desk = booking.as_("coordinator")

    first = desk.get("/appointments", session_id=told.id, limit=2).json
    rest = desk.get("/appointments", session_id=told.id, limit=2, cursor=first["next_cursor"]).json

    seen = [item["starts_at"] for item in first["items"] + rest["items"]]
    assert seen == [slots[0]["starts_at"], slots[1]["starts_at"], slots[1]["starts_at"]]
    assert rest["next_cursor"] is None
    assert booking.as_("student").get("/appointments", session_id=told.id).status_code == 403


def test_my_page_shows_my_bookings_only(booking: Service) -> None:
    told = repair(booking)
    slot = told.slots()[0]["id"]
    me, other = booking.as_("student"), booking.as_("student")
    mine = me.post("/appointments", {"slot_id": slot, "devices": [kettle()]}).json
    other.post("/appointments", {"slot_id": slot, "devices": [kettle()]})

    page = me.get("/mine")

    assert page.status_code == 200, page.json
    assert [item["id"] for item in page.json["appointments"]] == [mine["id"]]


def test_availability_of_many_sessions_is_one_answer(booking: Service) -> None:
    open_, empty = repair(booking), publish(booking, starts_at=tomorrow() + 4 * HOUR)
    booking.as_("student").post(
        "/appointments", {"slot_id": open_.slots()[0]["id"], "devices": [kettle()]}
    )

    answer = booking.client().get("/availability", session_ids=f"{empty.id},{open_.id},{new_id()}")

    assert [item["session_id"] for item in answer.json["items"]] == [empty.id, open_.id]
    waiting, free = answer.json["items"]
    assert (waiting["state"], waiting["free"]) == ("waiting_for_volunteers", 0)
    assert (free["state"], free["capacity"], free["taken"], free["free"]) == ("open", 8, 1, 7)
    assert free["volunteers"] == 2


def test_categories_are_the_forty_of_the_standard_in_both_languages(booking: Service) -> None:
    items = booking.client().get("/categories").json["items"]

    assert [item["id"] for item in items] == list(range(1, 41))
    assert all(item["zh"] and item["en"] for item in items)
    assert next(item for item in items if item["id"] == 14)["mains"] is True


def test_times_in_the_answer_are_rfc_3339(booking: Service) -> None:
    start = tomorrow() + timedelta(seconds=1, microseconds=500)
    told = repair(booking, starts_at=start)

    booked = booking.as_("student").post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    )

    assert parse(booked.json["starts_at"]) == start
