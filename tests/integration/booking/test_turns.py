"""Turns that are put off, other lines, parts, and the policy's steps, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.models.appointment import Appointment
from services.booking.models.visit import Visit
from services.booking.use_cases.line_policy import step_due
from services.booking.use_cases.turns import mark_rework
from shared.clock import now, parse
from shared.ids import new_id
from tests.integration.booking.build import HOUR, Told, kettle
from tests.integration.booking.line import booked, call, queue, today, walk_in, wall
from tests.support.clients import ApiClient
from tests.support.services import Service

RULES = {
    "recall_seconds": 60,
    "calls_before_absent": 1,
    "absent_mode": "auto",
    "keep_turn_minutes": 20,
    "close_absent_minutes": 60,
    "late_minutes": 10,
    "late_times": 2,
    "snooze_minutes": 10,
    "snooze_times": 2,
}


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def shift(booking: Service, visit_id: str, **minutes: int) -> None:
    """Let moments of a visit lie so many minutes back."""
    with booking.database.transaction() as session:
        visit = session.get_one(Visit, visit_id)
        for name, by in minutes.items():
            setattr(visit, name, getattr(visit, name) - timedelta(minutes=by))


def post(client: ApiClient, path: str, body: Any = None, status: int = 200) -> Any:
    answer = client.post(path, body if body is not None else {})
    assert answer.status_code == status, answer.json
    return answer.json


def policy(told: Told, desk: ApiClient, **given: Any) -> None:
    path = f"/sessions/{told.id}/line-policy"
    tag = desk.get(path).headers["ETag"]
    answer = desk.put(path, RULES | given, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.json


def test_saying_late_keeps_the_turn_twice_and_then_no_more(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)

    first = post(student, f"/appointments/{appointment['id']}/late")
    second = post(student, f"/appointments/{appointment['id']}/late")
    third = post(student, f"/appointments/{appointment['id']}/late", status=409)

    assert (first["turn"]["late_minutes"], first["turn"]["late_left"]) == (10, 1)
    assert (second["turn"]["late_minutes"], second["turn"]["late"]) == (20, False)
    assert third["code"] == "put_off_enough"
    (seen,) = queue(told, desk)["late"]
    assert (seen["id"], seen["late_minutes"], seen["kept"]) == (appointment["id"], 20, True)
    other = booking.as_("student").post(f"/appointments/{appointment['id']}/late", {})
    assert other.status_code == 404


def test_who_said_late_and_comes_within_it_has_the_slot_s_turn(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student)
    for _ in range(2):
        post(student, f"/appointments/{appointment['id']}/late")
    started = now() - timedelta(minutes=25)
    with booking.database.transaction() as session:
        times = {"starts_at": started, "ends_at": started + HOUR}
        session.execute(update(Appointment).values(**times))

    place = post(
        desk, f"/sessions/{told.id}/check-ins", {"appointment_id": appointment["id"]}, status=201
    )

    assert parse(place["visit"]["turn_at"]) == started
    assert (place["arrival"], place["visit"]["late_minutes"]) == ("on_time", 20)


def test_late_is_said_shortly_before_and_not_days_ahead(booking: Service) -> None:
    told = today(booking, starts_at=now() + timedelta(hours=8))
    student = booking.as_("student")
    appointment = booked(told, student)

    refused = post(student, f"/appointments/{appointment['id']}/late", status=409)

    assert refused["code"] == "not_late_yet"
    assert student.get(f"/places/{appointment['id']}").json["turn"]["late"] is False


def test_a_few_minutes_let_others_go_first_and_can_be_taken_back(booking: Service) -> None:
    told, desk, nobody = today(booking), booking.as_("coordinator"), booking.client()
    first, second = walk_in(told, desk), walk_in(told, desk)
    key = {"key": first["key"]}

    asleep = post(nobody, f"/visits/{first['id']}/snooze", key)
    again = post(nobody, f"/visits/{first['id']}/snooze", key, status=409)
    called = call(told, desk)
    alone = desk.post(f"/sessions/{told.id}/call-next", {"bench": 2})
    back = post(nobody, f"/visits/{first['id']}/take-back", key)
    now_called = call(told, desk, bench=2)

    assert asleep["snoozed_until"] is not None
    assert again["code"] == "snoozed_already"
    assert called["id"] == second["id"]
    assert (alone.status_code, alone.json["code"]) == (409, "only_snoozed")
    assert (back["turn_at"], back["snoozed_until"]) == (first["visit"]["turn_at"], None)
    assert now_called["id"] == first["id"]


def test_a_few_minutes_are_bounded_and_need_the_key(booking: Service) -> None:
    told, desk, nobody = today(booking), booking.as_("coordinator"), booking.client()
    place = walk_in(told, desk)
    key = {"key": place["key"]}

    for _ in range(2):
        post(nobody, f"/visits/{place['id']}/snooze", key)
        post(nobody, f"/visits/{place['id']}/take-back", key)

    assert (
        post(nobody, f"/visits/{place['id']}/snooze", key, status=409)["code"] == "put_off_enough"
    )
    assert post(nobody, f"/visits/{place['id']}/snooze", {"key": "x"}, status=404)
    assert (
        post(nobody, f"/visits/{place['id']}/take-back", key, status=409)["code"] == "not_snoozed"
    )


def test_who_was_called_can_ask_for_a_few_minutes_and_the_bench_is_free(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place, other = walk_in(told, desk), walk_in(told, desk)
    call(told, desk)

    post(booking.client(), f"/visits/{place['id']}/snooze", {"key": place["key"]})

    assert call(told, desk)["id"] == other["id"]
    desk.post(f"/sessions/{told.id}/call-next", {"bench": 2, "number": place["number"]})
    assert queue(told, desk)["called"][0]["snoozed_until"] is None


def test_the_switch_keeps_the_turn_and_takes_the_devices_along(booking: Service) -> None:
    here, there, desk = today(booking), today(booking), booking.as_("coordinator")
    later = walk_in(there, desk)
    place = walk_in(here, desk)
    shift(booking, place["id"], turn_at=12)
    nobody, key = booking.client(), place["key"]

    (option,) = nobody.get(f"/visits/{place['id']}/lines", key=key).json["items"]
    moved = post(nobody, f"/visits/{place['id']}/switch", {"session_id": there.id, "key": key})

    assert (option["session"]["id"], option["ahead"]) == (there.id, 0)
    assert (moved["session_id"], moved["number"]) == (there.id, "B002")
    assert [one["id"] for one in queue(there, desk)["waiting"]] == [place["id"], later["id"]]
    assert queue(here, desk)["waiting"] == []
    assert nobody.get(f"/places/{place['id']}", key=key).json["session"]["id"] == there.id
    event = booking.announced("visit.arrived.v1")[-1]
    assert (event.data["session_id"], event.data["number"]) == (there.id, "B002")


def test_another_line_refuses_with_the_reason(booking: Service) -> None:
    here, desk = today(booking), booking.as_("coordinator")
    lamps = today(booking, categories=[20])
    tomorrow = today(booking, starts_at=now() + timedelta(days=1))
    place = walk_in(here, desk)
    nobody = booking.client()

    def to(session_id: str) -> Any:
        body = {"session_id": session_id, "key": place["key"]}
        return nobody.post(f"/visits/{place['id']}/switch", body).json["code"]

    assert to(lamps.id) == "other_line_category"
    assert to(tomorrow.id) == "other_line_closed"
    assert to(here.id) == "other_line_closed"
    assert to(new_id()) == "not_found"
    call(here, desk)
    assert to(today(booking).id) == "not_in_state"


def test_a_line_that_opens_later_is_not_entered_before_its_doors(booking: Service) -> None:
    here, desk = today(booking), booking.as_("coordinator")
    opens = now() + timedelta(minutes=1)
    there = today(booking, starts_at=opens)
    place = walk_in(here, desk)
    shift(booking, place["id"], turn_at=60)

    moved = post(desk, f"/visits/{place['id']}/switch", {"session_id": there.id})

    assert parse(moved["turn_at"]) == parse(there.data["starts_at"])


def test_parts_free_the_bench_and_give_priority_in_a_later_session(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    visit = call(told, desk)
    ticket = visit["devices"][0]["id"]
    post(desk, f"/tickets/{ticket}/start", {"bench": 1})

    paused = post(desk, f"/tickets/{ticket}/pause")
    seen = queue(told, desk)
    later = today(booking, offering_id=told.data["offering_id"])
    waiting = walk_in(later, desk)
    elsewhere = post(
        desk, f"/visits/{place['id']}/resume", {"session_id": today(booking).id}, status=409
    )
    back = post(desk, f"/visits/{place['id']}/resume", {"session_id": later.id})

    assert (paused["state"], paused["bench"]) == ("waiting", None)
    assert [one["id"] for one in seen["paused"]] == [place["id"]]
    assert seen["benches"][0]["visit"] is None
    assert elsewhere["code"] == "other_offering"
    assert (back["session_id"], back["state"], back["resumed"]) == (later.id, "waiting", True)
    assert [one["id"] for one in queue(later, desk)["waiting"]] == [place["id"], waiting["id"]]
    assert call(later, desk)["id"] == place["id"]
    post(desk, f"/tickets/{ticket}/start", {"bench": 1})
    assert post(desk, f"/tickets/{ticket}/close", {"status": "Fixed"})["state"] == "closed"
    assert queue(told, desk)["paused"] == []


def test_with_one_device_waiting_for_parts_the_other_goes_on(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk, devices=2)
    first, second = [device["id"] for device in call(told, desk)["devices"]]
    post(desk, f"/tickets/{first}/start", {"bench": 1})
    post(desk, f"/tickets/{first}/pause")
    post(desk, f"/tickets/{second}/start", {"bench": 1})

    post(desk, f"/tickets/{second}/close", {"status": "Fixed"})

    assert desk.get(f"/places/{place['id']}").json["step"] == "paused"
    assert [one["id"] for one in queue(told, desk)["paused"]] == [place["id"]]


def test_the_owner_of_paused_parts_comes_back_by_the_wall_s_code(booking: Service) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    body = {"devices": [kettle()], "wall_code": wall(told)}
    place = post(student, f"/sessions/{told.id}/walk-ins", body, status=201)
    post(desk, f"/tickets/{place['devices'][0]['id']}/pause")
    later = today(booking, offering_id=told.data["offering_id"])

    back = post(student, f"/sessions/{later.id}/check-ins", {"wall_code": wall(later)}, status=201)

    assert (back["step"], back["visit"]["resumed"]) == ("waiting", True)


def test_a_rework_goes_before_walk_ins_whose_turn_has_not_come(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    due, not_due, rework = (walk_in(told, desk) for _ in range(3))
    shift(booking, due["id"], turn_at=20, arrived_at=20)

    with booking.database.transaction() as session:
        mark_rework(session, rework["id"], "desk")

    order = [one["id"] for one in queue(told, desk)["waiting"]]
    assert order == [due["id"], rework["id"], not_due["id"]]


def test_the_policy_makes_absent_and_closes_by_itself(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    policy(told, desk)
    place = walk_in(told, desk)
    call(told, desk)

    assert step_due(booking.database) == 0
    shift(booking, place["id"], called_at=2)
    assert step_due(booking.database) == 1
    (absent,) = queue(told, desk)["absent"]
    assert parse(absent["keeps_until"]) - parse(absent["absent_at"]) == timedelta(minutes=20)
    shift(booking, place["id"], absent_at=61)
    assert step_due(booking.database) == 1
    assert step_due(booking.database) == 0

    event = booking.announced("visit.closed.v1")[-1]
    assert (event.data["state"], event.data["ended_by"]) == ("left", "policy")
    back = post(desk, f"/sessions/{told.id}/check-ins", {"number": place["number"]}, status=201)
    assert (back["step"], back["devices"][0]["state"]) == ("waiting", "waiting")


def test_a_call_only_suggests_where_nothing_is_automatic(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    call(told, desk)
    shift(booking, place["id"], called_at=2)

    assert queue(told, desk)["called"][0]["suggest"] == "recall"
    post(desk, f"/visits/{place['id']}/recall")
    shift(booking, place["id"], called_at=2)
    assert queue(told, desk)["benches"][0]["visit"]["suggest"] == "absent"
    assert step_due(booking.database) == 0


def test_an_absent_person_who_says_so_keeps_the_turn_longer(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    call(told, desk)
    post(desk, f"/visits/{place['id']}/absent")
    shift(booking, place["id"], absent_at=25)

    post(booking.client(), f"/visits/{place['id']}/late", {"key": place["key"]})
    back = post(desk, f"/visits/{place['id']}/return")

    assert back["turn_at"] == place["visit"]["turn_at"]


def test_two_people_who_edit_a_policy_do_not_overwrite_each_other(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    path = f"/sessions/{told.id}/line-policy"
    tag = desk.get(path).headers["ETag"]

    first = desk.put(path, RULES, headers={"If-Match": tag})
    second = desk.put(path, RULES, headers={"If-Match": tag})
    wrong = desk.put(
        path, RULES | {"close_absent_minutes": 5}, headers={"If-Match": first.headers["ETag"]}
    )
    gone = desk.delete(path, headers={"If-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code, wrong.status_code) == (200, 412, 422)
    assert "close_absent_minutes" in str(wrong.json)
    assert (gone.status_code, gone.json["own"], gone.json["keep_turn_minutes"]) == (200, False, 20)
