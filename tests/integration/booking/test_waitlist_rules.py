"""Who may wait for what, whose places exist, and when waiting ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.booking.models.slot import Slot
from services.booking.use_cases.waitlist_time import tend_waiting
from shared.clock import now
from tests.integration.booking.build import HOUR, kettle, repair
from tests.integration.booking.test_waitlist import ONE, book, entry, full, wait
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    """Booking on a fresh database of each kind."""
    return any_service("booking")


def test_an_offer_that_could_not_be_used_is_not_made(booking: Service) -> None:
    soon = now() + timedelta(minutes=30)
    told, people, booked = full(booking, starts_at=soon, ends_at=soon + 2 * HOUR)
    one = wait(told, waiting := booking.as_("student"), slots=[told.slots()[0]["id"]])
    with booking.database.transaction() as session:
        for slot in session.query(Slot).all():
            slot.starts_at -= timedelta(minutes=15)

    booking.as_("coordinator").post(f"/appointments/{booked[0]['id']}/cancel", {})

    assert entry(waiting, one)["state"] == "waiting"
    assert people


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "room_left"),
        ({"devices": 9}, "too_many_devices"),
        ({"slots": ["00000000-0000-4000-8000-000000000000"]}, "no_such_time"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(
    booking: Service, given: dict[str, Any], code: str
) -> None:
    told = repair(booking, **ONE)

    answer = booking.as_("student").post(f"/sessions/{told.id}/waitlist", given)

    assert answer.json["code"] == code


def test_nobody_stands_on_a_list_twice_or_beside_a_booking(booking: Service) -> None:
    told, people, _ = full(booking)
    waiting = booking.as_("student")
    wait(told, waiting)

    twice = waiting.post(f"/sessions/{told.id}/waitlist", {})
    beside = people[0].post(f"/sessions/{told.id}/waitlist", {})

    assert (twice.status_code, twice.json["code"]) == (409, "waits_already")
    assert (beside.status_code, beside.json["code"]) == (409, "already_booked")


def test_other_people_s_places_do_not_exist(booking: Service) -> None:
    told, _, _ = full(booking)
    one = wait(told, booking.as_("student"))
    stranger = booking.as_("student")

    answers = [
        stranger.get(f"/waitlist/{one['id']}"),
        stranger.post(f"/waitlist/{one['id']}/leave", {}),
        stranger.post(f"/waitlist/{one['id']}/decline", {}),
        stranger.post(f"/waitlist/{one['id']}/claim", {"devices": [kettle()]}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert booking.as_("coordinator").get(f"/sessions/{told.id}/waitlist").json["items"]


def test_nobody_is_offered_a_place_before_the_draw(booking: Service) -> None:
    told = repair(booking, **ONE, opening="draw", booking_opens_at=now() + HOUR)
    somebody = booking.as_("student")
    me = booking.as_("coordinator")
    with booking.database.transaction() as session:
        for slot in session.query(Slot):
            slot.open_capacity = 0
    assert somebody.person is not None
    asked = {"person_id": somebody.person.id}
    one = me.post(f"/sessions/{told.id}/waitlist", asked)
    assert one.status_code == 201, one.json

    told.staff(1)

    assert entry(somebody, one.json)["state"] == "waiting"
    assert [slot["free"] for slot in told.slots()] == [1, 1], "the draw gives these out"


def test_waiting_ends_when_nothing_of_use_can_come(booking: Service) -> None:
    told, _, _ = full(booking)
    one = wait(told, first := booking.as_("student"))
    with booking.database.transaction() as session:
        for slot in session.query(Slot):
            slot.starts_at = now() + timedelta(minutes=15)

    assert tend_waiting(booking.database) == 1

    assert entry(first, one)["state"] == "over"
    assert tend_waiting(booking.database) == 0


def test_who_was_busy_elsewhere_is_offered_the_place_that_lies_free(booking: Service) -> None:
    told, people, booked = full(booking)
    other = repair(booking)
    first = booking.as_("student")
    elsewhere = book(other, first)
    one = wait(told, first, slots=[told.slots()[0]["id"]])
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})
    assert entry(first, one)["state"] == "waiting", "two places at once are of no use"

    first.post(f"/appointments/{elsewhere['id']}/cancel", {})
    tend_waiting(booking.database)

    assert entry(first, one)["state"] == "offered"


def test_room_at_a_time_one_cannot_come_is_no_reason_not_to_wait(booking: Service) -> None:
    told, people, booked = full(booking)
    other = repair(booking)
    first = booking.as_("student")
    book(other, first)
    people[0].post(f"/appointments/{booked[0]['id']}/cancel", {})

    assert wait(told, first)["state"] == "waiting"
