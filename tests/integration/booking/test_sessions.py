"""Sessions that change, volunteers that come and go, people that want to be forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.clock import iso, parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, Told, kettle, publish, repair, training
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def book(student: ApiClient, slot_id: str, devices: int = 1) -> str:
    answer = student.post("/appointments", {"slot_id": slot_id, "devices": [kettle()] * devices})
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def later(told: Told, hours: int) -> dict[str, str]:
    span = timedelta(hours=hours)
    names = ("starts_at", "ends_at", "booking_closes_at")
    return {name: iso(parse(told.data[name]) + span) for name in names}


def test_capacity_follows_the_accepted_volunteers_with_the_skill(booking: Service) -> None:
    told = publish(booking)

    seen = []
    for accepted, skill in ((1, "repair"), (5, "repair"), (5, "reception"), (0, "repair")):
        told.staff(accepted, skill)
        seen.append([slot["open_capacity"] for slot in told.slots()])

    assert seen == [[2, 2], [4, 4], [0, 0], [0, 0]]


def test_a_volunteer_for_half_the_time_opens_only_whole_slots(booking: Service) -> None:
    told = publish(booking)

    told.staff(1, ends_at=iso(parse(told.data["starts_at"]) + 1.5 * HOUR))

    assert [slot["open_capacity"] for slot in told.slots()] == [2, 0]


def test_a_shrink_closes_places_and_touches_nobody(booking: Service) -> None:
    told = repair(booking)
    slot = told.slots()[0]["id"]
    book(booking.as_("student"), slot, 3)

    told.staff(1)

    shrunk = told.slots()[0]
    assert (shrunk["taken"], shrunk["open_capacity"], shrunk["state"]) == (3, 2, "full")
    assert booking.announced("appointment.cancelled.v1") == []


def test_the_offerings_skill_decides_whose_acceptance_counts(booking: Service) -> None:
    told = publish(booking)
    told.staff(2, "electronics")
    offering = {
        "id": told.data["offering_id"],
        "kind": "repair",
        "title": told.data["title"],
        "summary": {"zh": "", "en": ""},
        "skill": "electronics",
        "categories": [],
        "state": "active",
    }

    before = told.slots()[0]["open_capacity"]
    booking.deliver("offering.changed.v1", offering["id"], 1, offering)

    assert (before, told.slots()[0]["open_capacity"]) == (0, 4)


def test_staffing_that_comes_before_its_session_is_not_lost(booking: Service) -> None:
    told = Told(booking, publish(booking).data | {"id": new_id()})
    told.staff(2)

    booking.deliver("session.published.v1", told.id, 1, told.data)

    assert [slot["open_capacity"] for slot in told.slots()] == [4, 4]


def test_people_move_along_with_a_session_and_are_announced_once(booking: Service) -> None:
    told = repair(booking)
    student = booking.as_("student")
    id = book(student, told.slots()[0]["id"])
    before = told.data["starts_at"]

    told.change(**later(told, 3))
    told.staff(2)

    moved = student.get(f"/appointments/{id}").json
    assert parse(moved["starts_at"]) == parse(before) + 3 * HOUR
    (event,) = booking.announced("appointment.moved.v1")
    assert (event.data["by"], event.data["previous_starts_at"]) == ("session", before)
    assert told.slots()[0]["taken"] == 1


def test_who_was_moved_onto_another_booking_is_not_refused(booking: Service) -> None:
    one = repair(booking)
    other = repair(booking, starts_at=parse(one.data["starts_at"]) + 4 * HOUR)
    student = booking.as_("student")
    book(student, one.slots()[0]["id"])
    second = book(student, other.slots()[0]["id"])

    other.change(**later(other, -4))

    assert booking.dead_letters() == []
    read = student.get(f"/appointments/{second}").json
    assert read["starts_at"] == one.data["starts_at"]


def test_a_shorter_session_moves_its_last_people_forward(booking: Service) -> None:
    told = repair(booking)
    students = [booking.as_("student") for _ in range(2)]
    ids = [book(student, told.slots()[1]["id"], 3) for student in students[:1]]
    ids.append(book(students[1], told.slots()[1]["id"], 1))
    book(booking.as_("student"), told.slots()[0]["id"], 2)

    told.change(ends_at=iso(parse(told.data["starts_at"]) + HOUR))

    states = [
        student.get(f"/appointments/{id}").json for student, id in zip(students, ids, strict=True)
    ]
    assert [state["state"] for state in states] == ["cancelled", "booked"]
    assert states[0]["reason"] == "no_place_left"
    assert states[1]["starts_at"] == told.data["starts_at"]
    assert [slot["taken"] for slot in told.slots()] == [3]


def test_a_cancelled_session_cancels_and_announces_everybody(booking: Service) -> None:
    told = repair(booking)
    student = booking.as_("student")
    id = book(student, told.slots()[0]["id"])

    told.cancel()

    read = student.get(f"/appointments/{id}").json
    assert (read["state"], read["by"], read["reason"]) == (
        "cancelled",
        "session",
        "session_cancelled",
    )
    answer = booking.client().get(f"/sessions/{told.id}/slots").json
    assert answer["state"] == "cancelled"
    assert [slot["taken"] for slot in answer["slots"]] == [0, 0]
    (event,) = booking.announced("appointment.cancelled.v1")
    assert event.data["by"] == "session"


def test_an_old_version_of_a_session_changes_nothing(booking: Service) -> None:
    told = repair(booking)
    old = dict(told.data)
    told.change(**later(told, 1))

    booking.deliver("session.published.v1", told.id, 1, old)

    assert told.slots()[0]["starts_at"] == told.data["starts_at"]


def test_a_malformed_session_becomes_a_dead_letter(booking: Service) -> None:
    booking.deliver("session.published.v1", new_id(), 1, {"id": "x"})

    (reason,) = booking.dead_letters()
    assert "malformed_message" in reason


def test_the_audience_counts_people_once(booking: Service) -> None:
    told = repair(booking)
    book(booking.as_("student"), told.slots()[0]["id"])
    other = training(booking, seats=1)
    for _ in range(2):
        booking.as_("student").post("/enrolments", {"session_id": other.id})
    desk = booking.as_("coordinator")

    answers = [desk.get(f"/sessions/{one.id}/audience").json for one in (told, other)]

    assert answers == [
        {"appointments": 1, "enrolments": 0, "people": 1},
        {"appointments": 0, "enrolments": 2, "people": 2},
    ]


def test_a_person_who_is_erased_leaves_no_words_and_frees_what_is_ahead(booking: Service) -> None:
    told, other = repair(booking), training(booking, seats=1)
    student, next_one = booking.as_("student"), booking.as_("student")
    id = book(student, told.slots()[0]["id"])
    student.post("/enrolments", {"session_id": other.id})
    waiting = next_one.post("/enrolments", {"session_id": other.id}).json
    assert student.person is not None

    booking.deliver(
        "person.erased.v1", student.person.id, 2, {"person_id": student.person.id, "roles": []}
    )

    read = booking.as_("coordinator").get(f"/appointments/{id}").json
    assert read["state"] == "cancelled"
    assert read["devices"][0]["brand"] == read["devices"][0]["problem"] == ""
    assert told.slots()[0]["taken"] == 0
    assert next_one.get(f"/enrolments/{waiting['id']}").json["state"] == "enrolled"
