"""Seats of a training and its waitlist."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.clock import iso, now
from tests.integration.booking.build import HOUR, Told, repair, training
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def enrol(student: ApiClient, told: Told) -> dict[str, object]:
    answer = student.post("/enrolments", {"session_id": told.id})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def test_seats_are_sold_and_then_the_waitlist_grows(booking: Service) -> None:
    told = training(booking, seats=1)

    answers = [enrol(booking.as_("student"), told) for _ in range(3)]

    assert [(one["state"], one["place"]) for one in answers] == [
        ("enrolled", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]
    types = [event.type for event in booking.announced()]
    assert types == [
        "enrolment.enrolled.v1",
        "enrolment.waitlisted.v1",
        "enrolment.waitlisted.v1",
    ]
    (item,) = booking.client().get("/availability", session_ids=told.id).json["items"]
    assert (item["capacity"], item["taken"], item["free"], item["waitlisted"]) == (1, 1, 0, 2)


def test_a_person_enrols_once_and_may_come_back_after_leaving(booking: Service) -> None:
    told = training(booking)
    student = booking.as_("student")
    first = enrol(student, told)

    again = student.post("/enrolments", {"session_id": told.id})
    student.post(f"/enrolments/{first['id']}/leave")
    back = student.post("/enrolments", {"session_id": told.id})

    assert (again.status_code, again.json["code"]) == (409, "already_enrolled")
    assert back.status_code == 201


def test_who_leaves_lets_the_first_of_the_waitlist_in(booking: Service) -> None:
    told = training(booking, seats=1)
    students = [booking.as_("student") for _ in range(3)]
    first, second, third = [enrol(student, told) for student in students]

    left = students[0].post(f"/enrolments/{first['id']}/leave")

    assert left.json["state"] == "left"
    assert students[1].get(f"/enrolments/{second['id']}").json["state"] == "enrolled"
    assert students[2].get(f"/enrolments/{third['id']}").json["place"] == 1
    assert len(booking.announced("enrolment.promoted.v1")) == 1


def test_leaving_the_waitlist_frees_no_seat(booking: Service) -> None:
    told = training(booking, seats=1)
    students = [booking.as_("student") for _ in range(3)]
    _, second, third = [enrol(student, told) for student in students]

    students[1].post(f"/enrolments/{second['id']}/leave")

    assert students[2].get(f"/enrolments/{third['id']}").json["state"] == "waitlisted"


def test_more_seats_move_the_waitlist_up(booking: Service) -> None:
    told = training(booking, seats=1)
    students = [booking.as_("student") for _ in range(4)]
    rows = [enrol(student, told) for student in students]

    told.change(seats=3)

    states = [
        student.get(f"/enrolments/{row['id']}").json["state"]
        for student, row in zip(students, rows, strict=True)
    ]
    assert states == ["enrolled", "enrolled", "enrolled", "waitlisted"]


def test_fewer_seats_than_taken_send_nobody_away(booking: Service) -> None:
    told = training(booking, seats=2)
    students = [booking.as_("student") for _ in range(3)]
    rows = [enrol(student, told) for student in students]

    told.change(seats=1)
    students[0].post(f"/enrolments/{rows[0]['id']}/leave")

    assert booking.dead_letters() == []
    states = [
        student.get(f"/enrolments/{row['id']}").json["state"]
        for student, row in zip(students, rows, strict=True)
    ]
    assert states == ["left", "enrolled", "waitlisted"]


def test_a_cancelled_training_lets_everybody_go(booking: Service) -> None:
    told = training(booking, seats=1)
    students = [booking.as_("student") for _ in range(2)]
    rows = [enrol(student, told) for student in students]

    told.cancel()

    for student, row in zip(students, rows, strict=True):
        read = student.get(f"/enrolments/{row['id']}").json
        assert (read["state"], read["by"]) == ("left", "session")
    assert len(booking.announced("enrolment.left.v1")) == 2
    assert booking.announced("enrolment.promoted.v1") == []


def test_attendance_is_marked_by_staff_for_people_with_a_seat(booking: Service) -> None:
    told = training(booking, seats=1)
    seated, waiting = [enrol(booking.as_("student"), told) for _ in range(2)]
    desk = booking.as_("coordinator")

    marked = desk.post(f"/enrolments/{seated['id']}/attendance", {"state": "attended"})
    undone = desk.post(f"/enrolments/{seated['id']}/attendance", {"state": "enrolled"})
    refused = desk.post(f"/enrolments/{waiting['id']}/attendance", {"state": "attended"})
    by_student = booking.as_("student").post(
        f"/enrolments/{seated['id']}/attendance", {"state": "attended"}
    )

    assert (marked.json["state"], undone.json["state"]) == ("attended", "enrolled")
    assert (refused.status_code, refused.json["code"]) == (409, "not_seated")
    assert by_student.status_code == 403


def test_a_training_that_has_begun_takes_nobody_and_lets_nobody_move_up(booking: Service) -> None:
    told = training(booking, seats=1)
    first, second = booking.as_("student"), booking.as_("student")
    row = enrol(first, told)
    waiting = enrol(second, told)
    begun = now() - timedelta(minutes=1)
    told.change(starts_at=iso(begun), ends_at=iso(begun + HOUR))

    late = booking.as_("student").post("/enrolments", {"session_id": told.id})
    stays = first.post(f"/enrolments/{row['id']}/leave")
    desk = booking.as_("coordinator").post(f"/enrolments/{row['id']}/leave")

    assert late.json["code"] == "slot_past"
    assert (stays.status_code, stays.json["code"]) == (409, "session_started")
    assert desk.status_code == 200
    assert second.get(f"/enrolments/{waiting['id']}").json["state"] == "waitlisted"


def test_a_repair_session_is_booked_and_not_enrolled_for(booking: Service) -> None:
    told = repair(booking)

    refused = booking.as_("student").post("/enrolments", {"session_id": told.id})

    assert (refused.status_code, refused.json["code"]) == (409, "book_instead")


def test_staff_see_the_list_and_students_only_their_own(booking: Service) -> None:
    told = training(booking, seats=1)
    me = booking.as_("student")
    mine = enrol(me, told)
    enrol(booking.as_("student"), told)

    listed = booking.as_("coordinator").get(f"/sessions/{told.id}/enrolments")

    assert [item["place"] for item in listed.json["items"]] == [None, 1]
    assert me.get(f"/sessions/{told.id}/enrolments").status_code == 403
    assert booking.as_("student").get(f"/enrolments/{mine['id']}").status_code == 404
    assert [item["id"] for item in me.get("/mine").json["enrolments"]] == [mine["id"]]


def test_the_same_key_enrols_once(booking: Service) -> None:
    told = training(booking)
    student = booking.as_("student")

    answers = [student.post("/enrolments", {"session_id": told.id}, key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
