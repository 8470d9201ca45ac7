"""Booking a place, through HTTP, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.clock import now
from shared.ids import new_id
from tests.integration.booking.build import HOUR, kettle, publish, repair
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_booking_takes_a_place_for_each_device(booking: Service) -> None:
    told = repair(booking)
    first, _ = told.slots()

    answer = booking.as_("student").post(
        "/appointments", {"slot_id": first["id"], "devices": [kettle(), kettle(category_id=39)]}
    )

    assert answer.status_code == 201, answer.json
    assert answer.json["state"] == "booked"
    assert answer.json["starts_at"] == told.data["starts_at"]
    assert {d["category_id"] for d in answer.json["devices"]} == {14, 39}
    taken = told.slots()[0]
    assert (taken["taken"], taken["free"], taken["open_capacity"]) == (2, 2, 4)


def test_the_answer_of_a_booking_is_what_reading_it_says(booking: Service) -> None:
    told = repair(booking)
    student = booking.as_("student")

    booked = student.post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}
    )
    read = student.get(f"/appointments/{booked.json['id']}")

    assert read.status_code == 200
    assert booked.json.items() <= read.json.items()
    assert read.json["can"] == {"move": True, "cancel": True}
    assert read.json["session"]["title"]["zh"] == "小家电义务维修"
    assert read.headers["ETag"] == '"1"'


def test_a_booking_is_announced_without_what_the_student_typed(booking: Service) -> None:
    told = repair(booking)

    booking.as_("student").post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle(problem="张三的壶")]}
    )

    (event,) = booking.announced("appointment.booked.v1")
    assert event.data["devices"] == 1
    assert event.data["categories"] == [14]
    assert event.data["session_id"] == told.id
    assert event.version == 1
    assert "张三" not in event.to_bytes().decode()


def test_slots_wait_for_volunteers_until_somebody_accepts(booking: Service) -> None:
    told = publish(booking)
    slot = told.slots()[0]

    refused = booking.as_("student").post(
        "/appointments", {"slot_id": slot["id"], "devices": [kettle()]}
    )

    assert slot["state"] == "waiting_for_volunteers"
    assert (refused.status_code, refused.json["code"]) == (409, "waiting_for_volunteers")
    assert "志愿者" in refused.json["detail"]


def test_what_is_full_says_so_in_the_readers_language(booking: Service) -> None:
    told = repair(booking, accepted=1, devices_per_bench=1)
    slot = told.slots()[0]["id"]
    wish = {"slot_id": slot, "devices": [kettle()]}
    booking.as_("student").post("/appointments", wish)

    refused = booking.as_("student", locale="en").post("/appointments", wish)

    assert (refused.status_code, refused.json["code"]) == (409, "slot_full")
    assert "fully booked" in refused.json["detail"]
    assert told.slots()[0]["state"] == "full"


def test_fewer_places_than_devices_say_how_many_are_left(booking: Service) -> None:
    told = repair(booking, accepted=1)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()] * 3}

    refused = booking.as_("student").post("/appointments", wish)

    assert refused.json["code"] == "not_enough_room"
    assert "2" in refused.json["detail"]


def test_a_person_books_a_session_once(booking: Service) -> None:
    told = repair(booking)
    first, second = told.slots()
    student = booking.as_("student")
    student.post("/appointments", {"slot_id": first["id"], "devices": [kettle()]})

    again = student.post("/appointments", {"slot_id": second["id"], "devices": [kettle()]})

    assert (again.status_code, again.json["code"]) == (409, "already_booked")
    assert told.slots()[1]["taken"] == 0


def test_a_person_is_not_in_two_sessions_at_once(booking: Service) -> None:
    one, other = repair(booking), repair(booking)
    student = booking.as_("student")
    student.post("/appointments", {"slot_id": one.slots()[0]["id"], "devices": [kettle()]})

    again = student.post(
        "/appointments", {"slot_id": other.slots()[0]["id"], "devices": [kettle()]}
    )
    later = student.post(
        "/appointments", {"slot_id": other.slots()[1]["id"], "devices": [kettle()]}
    )

    assert (again.status_code, again.json["code"]) == (409, "overlapping_booking")
    assert later.status_code == 201


def test_the_booking_window_holds_for_students_and_not_for_staff(booking: Service) -> None:
    early = repair(booking, booking_opens_at=now() + HOUR)
    late = repair(booking, booking_closes_at=now() - timedelta(minutes=5))
    wishes = [{"slot_id": told.slots()[0]["id"], "devices": [kettle()]} for told in (early, late)]

    codes = [booking.as_("student").post("/appointments", wish).json["code"] for wish in wishes]
    for_somebody = [
        booking.as_("coordinator").post("/appointments", wish | {"person_id": new_id()})
        for wish in wishes
    ]

    assert codes == ["booking_not_open_yet", "booking_closed"]
    assert [answer.status_code for answer in for_somebody] == [201, 201]
    assert {answer.json["by"] for answer in for_somebody} == {"staff"}


def test_a_slot_that_has_begun_cannot_be_booked(booking: Service) -> None:
    begun = now() - timedelta(minutes=10)
    told = repair(booking, starts_at=begun, booking_closes_at=begun + 2 * HOUR)
    first = told.slots()[0]

    refused = booking.as_("coordinator").post(
        "/appointments", {"slot_id": first["id"], "devices": [kettle()], "person_id": new_id()}
    )

    assert first["state"] == "past"
    assert (refused.status_code, refused.json["code"]) == (409, "slot_past")


def test_a_student_books_for_nobody_else(booking: Service) -> None:
    told = repair(booking)

    refused = booking.as_("student").post(
        "/appointments",
        {"slot_id": told.slots()[0]["id"], "devices": [kettle()], "person_id": new_id()},
    )

    assert refused.status_code == 403


def test_a_device_that_is_not_repaired_here_is_refused_at_its_field(booking: Service) -> None:
    told = repair(booking, categories=[14])

    refused = booking.as_("student").post(
        "/appointments",
        {"slot_id": told.slots()[0]["id"], "devices": [kettle(), kettle(category_id=16)]},
    )

    assert (refused.status_code, refused.json["code"]) == (422, "category_refused")
    assert refused.json["errors"][0]["pointer"] == "#/devices/1/category_id"


@pytest.mark.parametrize(
    ("devices", "pointer"),
    [
        ([], "#/devices"),
        ([{"brand": "x"}], "#/devices/0/category_id"),
        ([{"category_id": 41}], "#/devices/0/category_id"),
        ([kettle(problem="a\x00b")], "#/devices/0/problem"),
        ([kettle(brand="x" * 121)], "#/devices/0/brand"),
        ([kettle(colour="red")], "#/devices/0/colour"),
        ([kettle(photo_id="x")], "#/devices/0/photo_id"),
        ([kettle(photo_id=new_id())], "#/devices/0/photo_id"),
        ([kettle()] * 4, "#/devices"),
    ],
)
def test_wrong_input_is_refused_field_by_field(
    booking: Service, devices: list[dict[str, object]], pointer: str
) -> None:
    told = repair(booking)

    refused = booking.as_("student").post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": devices}
    )

    assert refused.status_code == 422, refused.json
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert told.slots()[0]["taken"] == 0


def test_the_same_key_gives_the_first_answer_and_another_body_a_422(booking: Service) -> None:
    told = repair(booking)
    first, second = told.slots()
    student = booking.as_("student")
    wish = {"slot_id": first["id"], "devices": [kettle()]}

    answers = [student.post("/appointments", wish, key="one") for _ in range(3)]
    other = student.post("/appointments", wish | {"slot_id": second["id"]}, key="one")

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[0].json == answers[1].json == answers[2].json
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert told.slots()[0]["taken"] == 1
    assert len(booking.announced("appointment.booked.v1")) == 1


def test_a_refusal_is_not_kept_under_its_key(booking: Service) -> None:
    told = publish(booking)
    student = booking.as_("student")
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle()]}

    refused = student.post("/appointments", wish, key="one")
    told.staff(1)
    booked = student.post("/appointments", wish, key="one")

    assert (refused.status_code, booked.status_code) == (409, 201)
