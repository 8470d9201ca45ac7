"""Sessions that open for booking only once every shift has its minimum, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.booking.build import Told, publish, repair, training
from tests.integration.booking.test_displacing import at_risk, book
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def state(told: Told) -> str:
    (item,) = told.service.client().get("/availability", session_ids=told.id).json["items"]
    return str(item["state"])


def opened(told: Told) -> list[int]:
    return [slot["open_capacity"] for slot in told.slots()]


def enrol(told: Told) -> dict[str, Any]:
    answer = told.service.as_("student").post("/enrolments", {"session_id": told.id})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def test_one_of_two_volunteers_opens_nothing_and_the_second_opens_all(booking: Service) -> None:
    told = publish(booking, opens_when_staffed=True)

    told.staff(1)
    waiting = (opened(told), state(told))
    told.staff(2)

    assert waiting == ([0, 0], "waiting_for_volunteers")
    assert (opened(told), state(told)) == ([4, 4], "open")


def test_a_session_without_the_rule_opens_with_the_first_volunteer(booking: Service) -> None:
    assert opened(repair(booking, accepted=1)) == [2, 2]


def test_once_open_it_shrinks_and_does_not_close(booking: Service) -> None:
    told = publish(booking, opens_when_staffed=True)
    told.staff(2)

    told.staff(1)

    assert (opened(told), state(told)) == ([2, 2], "open")


def test_nobody_is_displaced_by_a_rule_that_comes_after_the_first_booking(
    booking: Service,
) -> None:
    told = repair(booking, accepted=1)
    book(booking.as_("student"), told.slots()[0]["id"])

    told.change(opens_when_staffed=True)

    assert opened(told) == [2, 2]
    assert at_risk(booking, told)["items"] == []


def test_a_rule_that_is_taken_back_opens_it_with_who_is_there(booking: Service) -> None:
    told = publish(booking, opens_when_staffed=True)
    told.staff(1)

    told.change(opens_when_staffed=False)

    assert opened(told) == [2, 2]


def test_who_enrols_for_a_training_that_is_held_back_waits_and_moves_up_when_it_opens(
    booking: Service,
) -> None:
    told = training(booking, seats=1, opens_when_staffed=True)
    first, second = enrol(told), enrol(told)
    assert [one["state"] for one in (first, second)] == ["waitlisted", "waitlisted"]
    assert state(told) == "waiting_for_volunteers"

    told.staff(2, skill=None)

    moved = booking.announced("enrolment.promoted.v1")
    assert [event.subject for event in moved] == [first["id"]]
    assert state(told) == "open"
