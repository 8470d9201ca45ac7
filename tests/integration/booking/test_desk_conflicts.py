"""What an offline desk did and did not fit: a conflict that a person decides, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from services.booking.models.appointment import Appointment
from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.use_cases.appointments import give_up
from services.booking.use_cases.conflicts import decide as decide_conflict
from services.booking.use_cases.conflicts import forget_words
from shared.clock import now
from shared.errors import Refusal
from shared.ids import new_id
from shared.tables import audit
from tests.integration.booking.build import kettle
from tests.integration.booking.line import booked, call, queue, serve, today, walk_in
from tests.integration.booking.test_desk_acts import ROUNDS, act, ago, conflicts, decide, place
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


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
