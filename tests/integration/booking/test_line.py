"""The one line: arriving, being called, being away and back, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.booking.models.visit import Visit
from shared.clock import iso, now, parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, kettle
from tests.integration.booking.line import (
    booked,
    call,
    queue,
    serve,
    today,
    walk_in,
    wall,
)
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_a_booked_person_checks_in_with_the_ticket_s_code(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)
    code = student.get(f"/places/{appointment['id']}").json["check_in_code"]

    answer = desk.post(f"/sessions/{told.id}/check-ins", {"code": code.lower()})

    assert answer.status_code == 201, answer.json
    place = student.get(f"/places/{appointment['id']}").json
    assert (place["number"], place["step"], place["ahead"]) == ("A001", "waiting", 0)
    assert place["appointment"]["state"] == "arrived"
    assert place["devices"][0]["visit_id"] == place["visit"]["id"]
    assert student.get("/mine").json["visits"][0]["number"] == "A001"
    (event,) = booking.announced("visit.arrived.v1")
    assert event.data["appointment_id"] == appointment["id"]


def test_checking_in_twice_is_one_place(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    appointment = booked(told)

    places = [
        desk.post(f"/sessions/{told.id}/check-ins", given).json
        for given in ({"appointment_id": appointment["id"]}, {"number": "a001"})
    ]

    assert [place["number"] for place in places] == ["A001", "A001"]
    assert len(queue(told, desk)["waiting"]) == 1


def test_the_wall_s_code_lets_the_owner_arrive_and_nobody_else(booking: Service) -> None:
    told, student = today(booking), booking.as_("student")
    booked(told, student)
    path = f"/sessions/{told.id}/check-ins"

    old = student.post(path, {"wall_code": wall(told, now() - timedelta(minutes=5))})
    stranger = booking.as_("student").post(path, {"wall_code": wall(told)})
    mine = student.post(path, {"wall_code": wall(told)})

    assert (old.status_code, old.json["code"]) == (409, "wall_code_over")
    assert (stranger.status_code, stranger.json["code"]) == (409, "no_booking_here")
    assert mine.status_code == 201
    assert student.post(path, {"code": "ABCDEFGH"}).status_code == 404


def test_arrivals_are_taken_on_the_day_only_except_for_trials(booking: Service) -> None:
    desk = booking.as_("coordinator")
    later = now() + timedelta(days=3)
    real, trial = today(booking, starts_at=later), today(booking, starts_at=later, trial=True)
    body = {"name": "张三", "devices": [kettle()]}

    refused = desk.post(f"/sessions/{real.id}/walk-ins", body)
    taken = desk.post(f"/sessions/{trial.id}/walk-ins", body | {"occurred_at": iso(later + HOUR)})

    assert (refused.status_code, refused.json["code"]) == (409, "not_the_day")
    assert taken.status_code == 201
    assert taken.json["visit"]["arrived_at"] == iso(later + HOUR)


def test_the_desk_s_time_is_held_inside_the_day_and_not_after_now(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    early = walk_in(told, desk, occurred_at=iso(now() - timedelta(days=2)))
    late = walk_in(told, desk, occurred_at=iso(now() + timedelta(days=2)))

    assert early["visit"]["arrived_at"] == iso(parse(told.data["starts_at"]) - 3 * HOUR)
    assert late["visit"]["arrived_at"] == late["visit"]["recorded_at"]


def test_a_walk_in_needs_no_account_and_follows_by_the_link_s_key(booking: Service) -> None:
    told, desk, nobody = today(booking), booking.as_("coordinator"), booking.client()

    place = walk_in(told, desk, name="𠮷田·🌸")

    assert (place["number"], place["visit"]["name"]) == ("B001", "𠮷田·🌸")
    assert nobody.get(f"/places/{place['id']}").status_code == 404
    assert nobody.get(f"/places/{place['id']}", key="wrong").status_code == 404
    assert booking.as_("student").get(f"/places/{place['id']}").status_code == 404
    seen = nobody.get(f"/places/{place['id']}", key=place["key"])
    assert (seen.status_code, seen.json["ahead"]) == (200, 0)
    left = nobody.post(f"/visits/{place['id']}/leave", {"key": place["key"]})
    assert left.json["state"] == "left"


def test_a_typed_name_can_be_erased(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk, name="张三明")

    assert desk.delete(f"/visits/{place['id']}/name").status_code == 204

    assert queue(told, desk)["waiting"][0]["name"] is None


def test_who_has_a_booking_takes_no_walk_in_number(booking: Service) -> None:
    told, student = today(booking), booking.as_("student")
    booked(told, student)

    answer = student.post(
        f"/sessions/{told.id}/walk-ins", {"wall_code": wall(told), "devices": [kettle()]}
    )

    assert (answer.status_code, answer.json["code"]) == (409, "booked_already")


def test_a_person_stands_in_one_line_at_a_time(booking: Service) -> None:
    first, second = today(booking), today(booking)
    desk, person = booking.as_("coordinator"), new_id()
    walk_in(first, desk, person_id=person)

    again = walk_in(first, desk, person_id=person)
    answer = desk.post(
        f"/sessions/{second.id}/walk-ins", {"person_id": person, "devices": [kettle()]}
    )

    assert again["number"] == "B001"
    assert (answer.status_code, answer.json["code"]) == (409, "in_line_already")


def test_bookings_in_time_keep_their_slot_and_walk_ins_step_back_a_quarter(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    minutes_ago = [iso(now() - timedelta(minutes=m)) for m in (10, 25)]
    walk_in(told, desk, name="second", occurred_at=minutes_ago[0])
    walk_in(told, desk, name="first", occurred_at=minutes_ago[1])
    appointment = booked(told)
    desk.post(f"/sessions/{told.id}/check-ins", {"appointment_id": appointment["id"]})

    line = queue(told, desk)["waiting"]

    assert [one["number"] for one in line] == ["B002", "B001", "A001"]
    assert line[2]["turn_at"] == appointment["starts_at"]
    assert line[2]["arrival"] == "early"


def test_call_next_takes_the_first_and_tells_the_bench(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)

    visit = call(told, desk, bench=2)

    assert (visit["number"], visit["state"], visit["bench"], visit["calls"]) == (
        "B001", "called", 2, 1,
    )  # fmt: skip
    assert booking.announced("visit.called.v1")[0].data["bench"] == 2
    recalled = desk.post(f"/visits/{visit['id']}/recall")
    assert recalled.json["calls"] == 2


def test_a_bench_takes_one_visit_and_only_benches_that_exist(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)
    call(told, desk)
    path = f"/sessions/{told.id}/call-next"

    busy, missing = desk.post(path, {"bench": 1}), desk.post(path, {"bench": 3})
    call(told, desk, bench=2)
    walk_in(told, desk)
    on_bench_two = desk.post(path, {"bench": 2})

    assert (busy.status_code, busy.json["code"]) == (409, "bench_busy")
    assert (missing.status_code, missing.json["errors"][0]["pointer"]) == (422, "#/bench")
    assert on_bench_two.json["code"] == "bench_busy"


def test_an_empty_line_says_so(booking: Service) -> None:
    told = today(booking)

    answer = booking.as_("coordinator").post(f"/sessions/{told.id}/call-next", {"bench": 1})

    assert (answer.status_code, answer.json["code"]) == (409, "nobody_waiting")


def test_who_was_absent_comes_back_to_the_same_turn(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    walk_in(told, desk)
    call(told, desk)

    away = desk.post(f"/visits/{place['id']}/absent")
    again = desk.post(f"/visits/{place['id']}/absent")
    freed = call(told, desk)
    back = desk.post(f"/visits/{place['id']}/return")

    assert (away.json["state"], away.json["bench"]) == ("absent", None)
    assert (again.status_code, again.json["code"]) == (409, "not_in_state")
    assert "B001" in again.json["detail"]
    assert freed["number"] == "B002"
    assert (back.json["state"], back.json["turn_at"]) == ("waiting", away.json["turn_at"])


def test_a_long_absence_costs_the_turn(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk, occurred_at=iso(now() - timedelta(minutes=29)))
    call(told, desk)
    desk.post(f"/visits/{place['id']}/absent")
    with booking.database.transaction() as session:
        session.get_one(Visit, place["id"]).absent_at = now() - timedelta(minutes=21)

    back = desk.post(f"/visits/{place['id']}/return").json

    assert back["turn_at"] > iso(now() - timedelta(minutes=1))


def test_leaving_gives_the_booking_back(booking: Service) -> None:
    told, student = today(booking), booking.as_("student")
    appointment = booked(told, student)
    path = f"/sessions/{told.id}/check-ins"
    visit = student.post(path, {"wall_code": wall(told)}).json["visit"]

    left = student.post(f"/visits/{visit['id']}/leave", {})

    assert left.json["state"] == "left"
    assert student.get(f"/appointments/{appointment['id']}").json["state"] == "cancelled"
    assert told.slots()[-1]["taken"] == 0
    assert booking.announced("appointment.cancelled.v1")[0].data["reason"] == "left"
    assert student.get(f"/places/{appointment['id']}").json["step"] == "cancelled"


def test_a_cancelled_session_has_no_line(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)

    told.cancel()

    assert desk.get(f"/places/{place['id']}").json["step"] == "cancelled"
    refused = desk.post(f"/sessions/{told.id}/walk-ins", {"devices": [kettle()]})
    assert refused.json["code"] == "session_cancelled"


def test_a_forgotten_person_leaves_the_line_without_words(booking: Service) -> None:
    told, desk, person = today(booking), booking.as_("coordinator"), new_id()
    walk_in(told, desk, person_id=person, name="李雷")

    booking.deliver("person.erased.v1", person, 2, {"person_id": person})

    assert booking.dead_letters() == []
    view = queue(told, desk)
    assert view["waiting"] == []
    with booking.database.reading() as session:
        assert [row.name for row in session.query(Visit)] == [""]


def test_a_whole_afternoon_leaves_an_empty_line(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(4):
        walk_in(told, desk)

    numbers = [serve(told, desk)["number"] for _ in range(4)]

    view = queue(told, desk)
    assert numbers == ["B001", "B002", "B003", "B004"]
    assert view["waiting"] == view["called"] == view["serving"] == []
    assert view["done"] == {"total": 4, "closed": 4, "open": 0, "Fixed": 4}
    assert len(view["recent"]) == 4
