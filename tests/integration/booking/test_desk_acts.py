"""What was done at a desk without a connection: once, in order, or a conflict for a person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from services.booking.models.appointment import Appointment
from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.models.visit import Visit
from services.booking.use_cases.appointments import give_up
from services.booking.use_cases.conflicts import decide as decide_conflict
from services.booking.use_cases.conflicts import forget_words
from shared.clock import iso, now, parse
from shared.errors import Refusal
from shared.ids import new_id
from shared.tables import audit
from tests.integration.booking.build import Told, kettle
from tests.integration.booking.line import booked, call, helper, queue, serve, today, walk_in
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


def test_two_desks_that_called_one_number_to_two_benches_are_a_conflict(booking: Service) -> None:
    told, desk, other = today(booking), booking.as_("coordinator"), booking.as_("coordinator")
    walk_in(told, desk)
    act(told, other, "call", 4, number="B001", bench=1)

    second = act(told, desk, "call", 3, number="b001", bench=2)

    assert second["result"] == "conflict"
    assert "1 号工位" in second["reason"]["zh"]
    (conflict,) = conflicts(told, desk)["items"]
    assert conflict["given"] == {"number": "b001", "bench": 2}
    assert (conflict["stands"]["state"], conflict["stands"]["bench"]) == ("called", 1)
    assert conflict["actor_id"] == desk.person.id  # type: ignore[union-attr]


def test_the_same_call_from_two_desks_is_no_conflict(booking: Service) -> None:
    told, desk, other = today(booking), booking.as_("coordinator"), booking.as_("coordinator")
    walk_in(told, desk)
    act(told, other, "call", number="B001", bench=1)

    assert act(told, desk, "call", number="B001", bench=1)["result"] == "done"
    assert len(booking.announced("visit.called.v1")) == 1


def test_mine_moves_the_call_to_my_bench(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    call(told, desk, 1)
    act(told, desk, "call", number="B001", bench=2)
    (conflict,) = conflicts(told, desk)["items"]

    decided = decide(desk, conflict, "mine")

    assert (decided.status_code, decided.json["state"]) == (200, "mine")
    assert place(told, desk, "B001")["bench"] == 2
    assert conflicts(told, desk)["open"] == 0


def test_mine_is_refused_with_a_reason_while_it_is_impossible(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)
    call(told, desk, 1)
    act(told, desk, "call", number="B002", bench=1)
    (conflict,) = conflicts(told, desk)["items"]

    refused = decide(desk, conflict, "mine")
    desk.post(f"/visits/{place(told, desk, 'B001')['id']}/absent", {})
    later = decide(desk, conflict, "mine")

    assert (refused.status_code, refused.json["code"]) == (409, "bench_busy")
    assert later.status_code == 200
    assert place(told, desk, "B002")["state"] == "called"


@pytest.mark.parametrize("decision", ["theirs", "dismissed"])
def test_theirs_and_dismissed_change_nothing_and_are_remembered(
    booking: Service, decision: str
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    call(told, desk, 1)
    act(told, desk, "call", number="B001", bench=2)
    (conflict,) = conflicts(told, desk)["items"]
    before = place(told, desk, "B001")

    assert decide(desk, conflict, decision).status_code == 200
    again = decide(desk, conflict, "mine")

    assert (again.status_code, again.json["code"]) == (409, "decided_already")
    assert place(told, desk, "B001") == before
    with booking.database.reading() as session:
        acts = select(audit.c.action).where(audit.c.subject == conflict["act_id"])
        assert list(session.scalars(acts)) == ["desk.call", f"conflict.{decision}"]


def test_another_outcome_is_a_conflict_and_mine_replaces_it(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    serve(told, desk)
    same = act(told, desk, "outcome", number="B001", status="Fixed")
    other = act(told, desk, "outcome", number="B001", status="End of life")
    (conflict,) = conflicts(told, desk)["items"]

    decided = decide(desk, conflict, "mine")

    assert (same["result"], other["result"]) == ("done", "conflict")
    assert decided.status_code == 200, decided.json
    assert [one["status"] for one in queue(told, desk)["recent"]] == ["End of life"]


def test_an_outcome_of_somebody_who_was_marked_absent_is_decided_by_a_person(
    booking: Service,
) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    visit = call(told, desk)
    desk.post(f"/visits/{visit['id']}/absent", {})
    act(told, desk, "outcome", number="B001", status="Fixed")
    (conflict,) = conflicts(told, desk)["items"]
    assert conflict["stands"]["state"] == "absent"

    assert decide(desk, conflict, "mine").status_code == 200
    assert place(told, desk, "B001")["state"] == "closed"


def test_who_was_let_in_offline_stays_in_although_the_booking_was_cancelled(
    booking: Service,
) -> None:
    told, desk, student = today(booking), booking.as_("coordinator"), booking.as_("student")
    appointment = booked(told, student, brand="美的")
    with booking.database.transaction() as session:
        held = session.get_one(Appointment, appointment["id"])
        give_up(session, held, by="self", reason="test")
    act(told, desk, "check_in", appointment_id=appointment["id"])
    (conflict,) = conflicts(told, desk)["items"]

    assert decide(desk, conflict, "mine").status_code == 200

    (visit,) = queue(told, desk)["waiting"]
    assert (visit["number"], visit["person_id"]) == ("B001", student.person.id)  # type: ignore[union-attr]
    assert visit["devices"][0]["brand"] == "美的"


def test_a_number_nobody_has_and_a_device_nobody_knows_are_conflicts(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    results = [
        act(told, desk, "call", number="A999", bench=1)["result"],
        act(told, desk, "outcome", ticket_id=new_id(), status="Fixed")["result"],
        act(told, desk, "check_in", code="ZZZZZZZZ")["result"],
        act(told, desk, "call", of=new_id(), bench=1)["result"],
    ]

    assert results == ["conflict"] * 4
    assert conflicts(told, desk)["open"] == 4


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


def test_typed_names_leave_with_the_decision_and_after_thirty_days(booking: Service) -> None:
    told, desk = today(booking, categories=[15]), booking.as_("coordinator")
    for _ in range(2):
        act(told, desk, "walk_in", name="张三", devices=[kettle()])
    first, _second = conflicts(told, desk)["items"]
    assert first["given"]["name"] == "张三"
    decide(desk, first, "dismissed")
    with booking.database.transaction() as session:
        left = [one.given.get("name") for one in session.scalars(select(DeskAct))]
        assert sorted(left, key=str) == [None, "张三"]
        session.execute(update(DeskAct).values(recorded_at=ago(60 * 24 * 31)))
        forget_words(session)
    with booking.database.reading() as session:
        assert [one.given for one in session.scalars(select(DeskAct))] == [{}, {}]


ROUNDS = 6


def test_two_decisions_at_once_are_one(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        act(told, desk, "call", number="A999", bench=1)

    for conflict in conflicts(told, desk)["items"]:
        start = Barrier(2)

        def one(decision: str, id: str = conflict["act_id"], start: Barrier = start) -> str:
            start.wait()
            try:
                with booking.database.transaction() as session:
                    return decide_conflict(session, id, decision, "desk", b"").state
            except Refusal as refusal:
                return refusal.code

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(one, ("theirs", "dismissed")))
        assert len(set(answers) & {"theirs", "dismissed"}) == 1
        assert "decided_already" in answers


def test_without_the_expected_state_both_decisions_would_stand(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    act(told, desk, "call", number="A999", bench=1)
    (conflict,) = conflicts(told, desk)["items"]
    looked = Barrier(2)

    def look_then_write(decision: str) -> bool:
        mine = DeskConflict.act_id == conflict["act_id"]
        with booking.database.reading() as session:
            was_open = session.scalars(select(DeskConflict.state).where(mine)).one() == "open"
        looked.wait()
        with booking.database.transaction() as session:
            values = {"state": decision, "decided_at": now()}
            session.execute(update(DeskConflict).where(mine).values(**values))
        return was_open

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(look_then_write, ("theirs", "dismissed"))) == [True, True]


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
