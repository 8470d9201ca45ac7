"""What was done at a desk without a connection: once, in its order, with its times."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from services.booking.models.visit import Visit
from shared.clock import iso, now, parse
from shared.ids import new_id
from tests.integration.booking.build import Told, kettle
from tests.integration.booking.line import booked, call, helper, queue, today, walk_in
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def ago(minutes: float) -> datetime:
    return now() - timedelta(minutes=minutes)


def act(
    told: Told, desk: ApiClient, kind: str, minutes: float = 5, id: str | None = None, **given: Any
) -> dict[str, Any]:
    """Send an act that was made some minutes ago."""
    body = {"id": id or new_id(), "kind": kind, "given": given, "occurred_at": iso(ago(minutes))}
    answer = desk.post(f"/sessions/{told.id}/desk-acts", body)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def conflicts(told: Told, desk: ApiClient) -> dict[str, Any]:
    answer = desk.get(f"/sessions/{told.id}/desk-conflicts")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def decide(desk: ApiClient, conflict: dict[str, Any], decision: str) -> Any:
    return desk.post(f"/desk-conflicts/{conflict['act_id']}/decide", {"decision": decision})


def place(told: Told, desk: ApiClient, number: str) -> dict[str, Any]:
    """Return how a number stands."""
    session = told.service.database
    with session.reading() as reading:
        row = reading.scalars(
            select(Visit).where(Visit.session_id == told.id, Visit.number == number)
        ).one()
        return {"state": row.state, "bench": row.bench, "called_at": row.called_at, "id": row.id}


def test_an_afternoon_without_wifi_is_replayed_in_its_order_with_its_times(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    appointment = booked(told)
    came = new_id()

    one = act(told, desk, "check_in", 9, appointment_id=appointment["id"])
    two = act(told, desk, "walk_in", 8, id=came, name="宋雨", devices=[kettle()])
    called = act(told, desk, "call", 6, of=came, bench=2)
    act(told, desk, "start", 5, of=came, bench=2)
    done = act(told, desk, "outcome", 1, of=came, status="Fixed", note="换了保险丝")

    assert [one["number"], two["number"], called["number"], done["number"]] == [
        "A001", "B001", "B001", "B001",
    ]  # fmt: skip
    line = queue(told, desk)
    assert [visit["number"] for visit in line["waiting"]] == ["A001"]
    (ticket,) = line["recent"]
    assert (ticket["status"], ticket["note"]) == ("Fixed", "换了保险丝")
    assert parse(ticket["closed_at"]) - parse(ticket["started_at"]) == pytest.approx(
        timedelta(minutes=4), abs=timedelta(seconds=5)
    )
    assert place(told, desk, "B001")["called_at"] < ago(5)
    assert conflicts(told, desk) == {"open": 0, "items": []}


def test_waits_of_an_offline_desk_are_true_and_not_scored(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    came = new_id()
    act(told, desk, "walk_in", 20, id=came, devices=[kettle()])
    act(told, desk, "call", 5, of=came, bench=1)

    with booking.database.reading() as session:
        visit = session.scalars(select(Visit).where(Visit.session_id == told.id)).one()

    assert visit.waited == pytest.approx(15, abs=0.1)
    assert (visit.told_low, visit.told_high) == (None, None)


def test_an_act_sent_twice_is_done_once_even_after_its_key_is_forgotten(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    came = new_id()

    answers = [act(told, desk, "walk_in", id=came, devices=[kettle()]) for _ in range(3)]

    assert [answer["number"] for answer in answers] == ["B001"] * 3
    assert len(queue(told, desk)["waiting"]) == 1


def test_an_act_belongs_to_who_made_it(booking: Service) -> None:
    told, desk, other = today(booking), booking.as_("coordinator"), booking.as_("coordinator")
    came = new_id()
    act(told, desk, "walk_in", id=came, devices=[kettle()])

    body = {"id": came, "kind": "walk_in", "given": {"devices": [kettle()]}}
    stolen = other.post(f"/sessions/{told.id}/desk-acts", body)

    assert (stolen.status_code, stolen.json["code"]) == (409, "act_of_another")


def test_a_form_whose_answer_was_lost_is_not_done_again(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    key = new_id()
    body = {"name": "宋雨", "devices": [kettle()]}
    assert desk.post(f"/sessions/{told.id}/walk-ins", body, key=key).status_code == 201

    answer = act(told, desk, "walk_in", id=key, name="宋雨", devices=[kettle()])

    assert answer["result"] == "done"
    assert len(queue(told, desk)["waiting"]) == 1


def test_the_desk_s_clock_is_held_inside_the_session(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    act(told, desk, "walk_in", -600, devices=[kettle()])
    act(told, desk, "walk_in", 5000, devices=[kettle()])

    late, early = sorted(
        (parse(one["arrived_at"]) for one in queue(told, desk)["waiting"]), reverse=True
    )
    assert late <= now()
    assert early == parse(told.data["starts_at"]) - timedelta(hours=3)


def test_an_act_says_what_it_means(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    path = f"/sessions/{told.id}/desk-acts"

    wrong = [
        desk.post(path, {"id": new_id(), "kind": kind, "given": given})
        for kind, given in (
            ("call", {"bench": 1}),
            ("call", {"number": "A001"}),
            ("outcome", {"number": "A001"}),
            ("outcome", {"number": "A001", "status": "Mended"}),
            ("walk_in", {"name": "a\x00b", "devices": [kettle()]}),
            ("call_next", {"bench": 1}),
        )
    ]

    assert [answer.status_code for answer in wrong] == [422] * 6


def test_what_was_done_offline_needs_no_bench_that_is_taken_by_now(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)
    call(told, desk, 1)

    done = act(told, desk, "outcome", number="B002", status="Repairable")

    assert done["result"] == "done"
    assert place(told, desk, "B001")["state"] == "called"
    assert place(told, desk, "B002")["state"] == "closed"


def test_only_who_works_here_sends_acts_and_decides(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    act(told, desk, "call", number="A999", bench=1)
    (conflict,) = conflicts(told, desk)["items"]
    body = {"id": new_id(), "kind": "walk_in", "given": {"devices": [kettle()]}}
    stranger, here = booking.as_("volunteer"), helper(told)

    assert stranger.post(f"/sessions/{told.id}/desk-acts", body).status_code == 404
    assert stranger.get(f"/sessions/{told.id}/desk-conflicts").status_code == 404
    assert stranger.get(f"/sessions/{told.id}/sheet").status_code == 404
    assert decide(stranger, conflict, "theirs").status_code == 404
    assert here.post(f"/sessions/{told.id}/desk-acts", body).status_code == 200
    assert decide(here, conflict, "theirs").status_code == 200


ROUNDS = 6


def test_the_same_act_from_two_tabs_at_once_is_one_person(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        came, start = new_id(), Barrier(2)

        def one(_: int, came: str = came, start: Barrier = start) -> Any:
            start.wait()
            return act(told, booking.client(desk.person), "walk_in", id=came, devices=[kettle()])

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(one, range(2))
        assert first["number"] == second["number"]

    with booking.database.reading() as session:
        count = select(func.count()).select_from(Visit).where(Visit.session_id == told.id)
        assert session.scalar(count) == ROUNDS
