"""Two desks at once, on both databases, with the guard and without it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from services.booking.models.visit import Visit
from services.booking.queries.line import in_order
from services.booking.use_cases.line import call_next
from shared.errors import Refusal
from tests.integration.booking.line import booked, queue, today, walk_in
from tests.support.services import Service

ROUNDS = 10


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def both(act: Callable[[int], str]) -> list[str]:
    """Do something at two benches at the same moment."""
    start = Barrier(2)

    def one(bench: int) -> str:
        start.wait()
        return act(bench)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (1, 2)))


def test_two_desks_at_once_call_two_people(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")

    def act(bench: int) -> str:
        with booking.database.transaction() as session:
            return call_next(session, told.id, bench, "desk").number

    for _ in range(ROUNDS):
        places = [walk_in(told, desk) for _ in range(2)]
        called = both(act)
        assert sorted(called) == sorted(place["number"] for place in places)
        for place in places:
            assert desk.post(f"/visits/{place['id']}/leave", {}).status_code == 200


def test_without_the_locked_statement_two_desks_call_the_same_person(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)
    looked = Barrier(2)

    def look_then_write(bench: int) -> str:
        waiting = select(Visit).where(Visit.session_id == told.id, Visit.state == "waiting")
        with booking.database.reading() as session:
            first = session.scalars(waiting.order_by(*in_order()).limit(1)).one()
        looked.wait()
        with booking.database.transaction() as session:
            session.execute(
                update(Visit).where(Visit.id == first.id).values(state="called", bench=bench)
            )
        return first.number

    assert both(look_then_write) == ["B001", "B001"]


def test_two_desks_at_one_bench_call_one_person(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    walk_in(told, desk)

    def act(_: int) -> str:
        try:
            with booking.database.transaction() as session:
                return call_next(session, told.id, 1, "desk").number
        except Refusal as refusal:
            return refusal.code

    called = both(act)

    assert sorted(called)[1] == "bench_busy"
    assert len(queue(told, desk)["called"]) == 1


def test_one_person_checked_in_at_two_desks_is_one_visit(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    appointment = booked(told)
    path = f"/sessions/{told.id}/check-ins"

    answers = both(
        lambda _: str(
            booking.client(desk.person)
            .post(path, {"appointment_id": appointment["id"]})
            .json.get("number")
        )
    )

    assert answers == ["A001", "A001"]
    assert len(queue(told, desk)["waiting"]) == 1


def test_two_devices_closed_at_once_close_the_visit(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk, devices=2)
    ids = [device["id"] for device in place["devices"]]
    for bench, id in enumerate(ids, 1):
        assert desk.post(f"/tickets/{id}/start", {"bench": bench}).status_code == 200

    both(
        lambda bench: (
            booking.client(desk.person)
            .post(f"/tickets/{ids[bench - 1]}/close", {"status": "Fixed"})
            .json["state"]
        )
    )

    assert desk.get(f"/places/{place['id']}").json["step"] == "done"
