"""A volunteer drops out: stand-ins first, then the newest bookings go to the best free place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from services.booking.models.risk import Risk
from services.booking.models.slot import Slot
from services.booking.use_cases.displacing import displace_due
from shared.clock import iso, now, parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, Told, kettle, repair, tomorrow
from tests.support.clients import ApiClient
from tests.support.services import Service

ONE_DEVICE = {"devices_per_bench": 1}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def book(student: ApiClient, slot_id: str, devices: int = 1) -> str:
    wish = {"slot_id": slot_id, "devices": [kettle()] * devices}
    answer = student.post("/appointments", wish)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def time_is_up(booking: Service) -> int:
    """Let the stand-in time of every risk be over, and the timer come by."""
    with booking.database.transaction() as session:
        session.execute(update(Risk).values(until=now() - timedelta(seconds=1)))
    return displace_due(booking.database)


def at_risk(booking: Service, told: Told) -> dict[str, Any]:
    answer = booking.as_("coordinator").get(f"/sessions/{told.id}/at-risk")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def place(student: ApiClient, id: str) -> dict[str, Any]:
    return dict(student.get(f"/appointments/{id}").json)


def drop(told: Told, person_id: str, id: str, version: int, state: str) -> None:
    data = {
        "assignment_id": id,
        "shift_id": new_id(),
        "session_id": told.id,
        "person_id": person_id,
        "role": {"zh": "维修台", "en": "Repair bench"},
        "skill": "repair",
        "starts_at": told.data["starts_at"],
        "ends_at": told.data["ends_at"],
        "state": state,
        "by": "self",
    }
    told.service.deliver(f"shift.{state}.v1", id, version, data)


def two_in_a_slot(booking: Service, **given: Any) -> tuple[Told, list[str], list[ApiClient]]:
    """Two people in the first slot of a session of two volunteers, one device each."""
    told = repair(booking, **(ONE_DEVICE | given))
    students = [booking.as_("student") for _ in range(2)]
    ids = [book(student, told.slots()[0]["id"]) for student in students]
    return told, ids, students


def test_a_dropped_shift_puts_the_newest_at_risk_and_says_why(booking: Service) -> None:
    told, ids, _students = two_in_a_slot(booking)
    volunteer, assignment = new_id(), new_id()

    drop(told, volunteer, assignment, 2, "dropped")
    told.staff(1)

    found = at_risk(booking, told)
    (item,) = found["items"]
    assert (item["over"], item["taken"], item["open_capacity"]) == (1, 2, 1)
    assert [one["id"] for one in item["would_go"]] == [ids[1]]
    assert [one["person_id"] for one in item["drops"]] == [volunteer]
    assert parse(item["until"]) - parse(item["since"]) == timedelta(minutes=120)
    assert found["stand_in_minutes"] == 120
    everywhere = booking.as_("coordinator").get("/at-risk").json["items"]
    assert [one["slot_id"] for one in everywhere] == [item["slot_id"]]
    assert displace_due(booking.database) == 0, "stand-ins come first"


def test_a_volunteer_who_comes_back_undoes_it_and_nobody_is_told(booking: Service) -> None:
    told, _, _ = two_in_a_slot(booking)
    volunteer, assignment = new_id(), new_id()
    drop(told, volunteer, assignment, 2, "dropped")
    told.staff(1)
    before = len(booking.announced())

    drop(told, volunteer, assignment, 3, "accepted")
    told.staff(2)

    assert at_risk(booking, told)["items"] == []
    assert time_is_up(booking) == 0
    assert len(booking.announced()) == before


def test_the_newest_is_displaced_to_the_nearest_time_and_told_once(booking: Service) -> None:
    told, ids, students = two_in_a_slot(booking)
    told.staff(1)

    assert time_is_up(booking) == 1
    assert time_is_up(booking) == 0

    first, second = told.slots()
    assert (first["taken"], second["taken"]) == (1, 1)
    assert place(students[0], ids[0])["slot_id"] == first["id"]
    assert place(students[1], ids[1])["slot_id"] == second["id"]
    (event,) = booking.announced("appointment.displaced.v1")
    assert (event.data["id"], event.data["by"]) == (ids[1], "session")
    assert event.data["previous_starts_at"] == first["starts_at"]
    assert booking.announced("appointment.moved.v1") == []


def test_with_no_room_in_the_session_another_one_of_the_offering_takes_them(
    booking: Service,
) -> None:
    offering = new_id()
    told, ids, students = two_in_a_slot(booking, offering_id=offering, slot_minutes=120)
    away = {"starts_at": tomorrow() + timedelta(days=3), "slot_minutes": 120}
    later = repair(booking, accepted=1, offering_id=offering, **ONE_DEVICE, **away)
    other = repair(booking, accepted=1, **ONE_DEVICE, slot_minutes=120)
    told.staff(1)

    assert time_is_up(booking) == 1

    assert place(students[1], ids[1])["session_id"] == later.id
    assert [slot["taken"] for slot in other.slots()] == [0], "another offering is no place to go"
    (event,) = booking.announced("appointment.displaced.v1")
    assert event.data["previous_session_id"] == told.id


def test_nobody_is_sent_where_they_are_already_or_cannot_be(booking: Service) -> None:
    offering = new_id()
    told, _ids, students = two_in_a_slot(booking, offering_id=offering, slot_minutes=120)
    start = tomorrow() + timedelta(days=1)
    full = repair(booking, accepted=1, offering_id=offering, starts_at=start, **ONE_DEVICE)
    book(students[1], full.slots()[0]["id"])
    closed = {"booking_opens_at": now() + HOUR, "starts_at": tomorrow() + timedelta(days=2)}
    repair(booking, accepted=1, offering_id=offering, **closed)
    picky = {"categories": [39], "starts_at": tomorrow() + timedelta(days=3)}
    repair(booking, accepted=1, offering_id=offering, **picky)
    told.staff(1)

    time_is_up(booking)

    (event,) = booking.announced("appointment.displaced.v1")
    assert event.data["state"] == "cancelled"
    assert [slot["taken"] for slot in told.slots()] == [1]


def test_who_was_displaced_accepts_or_leaves_even_after_the_cut_off(booking: Service) -> None:
    told, ids, students = two_in_a_slot(booking, cancel_cutoff_minutes=7 * 24 * 60)
    told.staff(1)
    time_is_up(booking)
    late = students[0].post(f"/appointments/{ids[0]}/cancel")
    not_mine = students[0].post(f"/appointments/{ids[1]}/accept")
    may = place(students[1], ids[1])["can"]

    accepted = students[1].post(f"/appointments/{ids[1]}/accept")
    bound = place(students[1], ids[1])["can"]

    assert late.json["code"] == "too_late"
    assert not_mine.status_code == 404
    assert students[0].post(f"/appointments/{ids[0]}/accept").json["code"] == "not_displaced"
    assert may == {"move": True, "cancel": True}
    assert accepted.status_code == 200
    assert bound == {"move": False, "cancel": False}


def test_who_was_displaced_leaves_freely(booking: Service) -> None:
    told, ids, students = two_in_a_slot(booking, cancel_cutoff_minutes=7 * 24 * 60)
    told.staff(1)
    time_is_up(booking)

    assert students[1].post(f"/appointments/{ids[1]}/cancel").status_code == 200
    assert [slot["taken"] for slot in told.slots()] == [1, 0]


def test_who_has_arrived_stays(booking: Service) -> None:
    told, ids, _ = two_in_a_slot(booking, trial=True)
    arrived = booking.as_("coordinator").post(
        f"/sessions/{told.id}/check-ins", {"appointment_id": ids[1], "occurred_at": iso(now())}
    )
    assert arrived.status_code in (200, 201), arrived.json
    told.staff(1)

    (item,) = at_risk(booking, told)["items"]

    assert [one["id"] for one in item["would_go"]] == [ids[0]]


def test_the_earlier_booked_of_those_who_go_chooses_first(booking: Service) -> None:
    told = repair(booking, accepted=3, benches=3, slot_minutes=40, **ONE_DEVICE)
    slots = [slot["id"] for slot in told.slots()]
    students = [booking.as_("student") for _ in range(5)]
    ids = [book(student, slots[0]) for student in students[:3]]
    book(students[3], slots[1])
    book(students[4], slots[1])
    told.staff(1, ends_at=iso(parse(told.data["starts_at"]) + timedelta(minutes=40)))
    told.staff(1)
    with booking.database.transaction() as session:
        mine = update(Risk).where(Risk.slot_id != slots[0])
        session.execute(mine.values(until=now() + HOUR))
        session.execute(update(Risk).where(Risk.slot_id == slots[0]).values(until=now() - HOUR))

    displace_due(booking.database)

    states = [place(student, id) for student, id in zip(students[:3], ids, strict=True)]
    assert states[0]["slot_id"] == slots[0]
    assert states[1]["slot_id"] == slots[2]
    assert states[2]["state"] == "cancelled"


def test_erasure_forgets_whose_shift_fell_away(booking: Service) -> None:
    told, _, _ = two_in_a_slot(booking)
    volunteer = new_id()
    drop(told, volunteer, new_id(), 2, "dropped")
    told.staff(1)

    booking.deliver("person.erased.v1", volunteer, 9, {"person_id": volunteer, "state": "erased"})

    assert at_risk(booking, told)["items"][0]["drops"] == []


def test_a_promised_place_that_lies_above_is_noticed_too(booking: Service) -> None:
    told, ids, _ = two_in_a_slot(booking)
    told.staff(1)
    with booking.database.transaction() as session:
        session.execute(delete(Risk))

    assert displace_due(booking.database) == 0, "first it is noticed"

    (item,) = at_risk(booking, told)["items"]
    assert [one["id"] for one in item["would_go"]] == [ids[1]]
    assert time_is_up(booking) == 1


def test_who_finds_no_place_stands_before_everybody_on_the_waitlist(booking: Service) -> None:
    told, _, students = two_in_a_slot(booking, slot_minutes=120)
    patient = booking.as_("student")
    joined = patient.post(f"/sessions/{told.id}/waitlist", {"devices": 1})
    assert joined.status_code == 201, joined.json
    told.staff(1)

    time_is_up(booking)
    told.staff(2)

    offered = booking.announced("waitlist.offered.v1")
    assert students[1].person
    assert [one.data["person_id"] for one in offered] == [students[1].person.id]
    (event,) = booking.announced("appointment.displaced.v1")
    assert (event.data["state"], event.data["waitlisted"]) == ("cancelled", True)


def test_a_place_that_is_held_for_somebody_is_no_free_place(booking: Service) -> None:
    told, ids, students = two_in_a_slot(booking, slot_minutes=60)
    other = told.slots()[1]["id"]
    with booking.database.transaction() as session:
        session.execute(update(Slot).where(Slot.id == other).values(held=1))
    told.staff(1)

    time_is_up(booking)

    assert place(students[1], ids[1])["state"] == "cancelled"
