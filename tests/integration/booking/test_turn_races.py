"""Desks and phones at the same moment, through HTTP on both databases; and without the guards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from tests.integration.booking.line import call, queue, today, walk_in
from tests.integration.booking.test_turns import post
from tests.support.services import Service

ROUNDS = 5


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment; return their answers in the same order."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [answer.result() for answer in [pool.submit(one, act) for act in acts]]


def poster(booking: Service, person: Any, path: str, body: Any = None) -> Callable[[], Any]:
    client = booking.client(person)
    return lambda: client.post(path, body or {})


def test_two_desks_press_call_next_and_get_two_tickets_in_order(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    path = f"/sessions/{told.id}/call-next"
    for _ in range(ROUNDS):
        places = [walk_in(told, desk) for _ in range(3)]

        answers = at_once(*(poster(booking, desk.person, path, {"bench": n}) for n in (1, 2)))

        assert sorted(one.json["number"] for one in answers) == [p["number"] for p in places[:2]]
        assert queue(told, desk)["waiting"][0]["number"] == places[2]["number"]
        for place in places:
            post(desk, f"/visits/{place['id']}/leave")


def test_a_few_minutes_and_a_call_at_once_leave_nobody_half_called(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        place = walk_in(told, desk)
        snooze = poster(booking, None, f"/visits/{place['id']}/snooze", {"key": place["key"]})

        asked, called = at_once(
            snooze, poster(booking, desk.person, f"/sessions/{told.id}/call-next", {"bench": 1})
        )

        visit = desk.get(f"/places/{place['id']}").json["visit"]
        assert asked.status_code == 200, asked.json
        assert called.status_code == 200 or called.json["code"] == "only_snoozed"
        assert (visit["state"], visit["bench"]) == ("waiting", None)
        assert visit["snoozed_until"] is not None
        post(desk, f"/visits/{place['id']}/leave")


def test_going_over_and_being_called_at_once_is_one_of_the_two(booking: Service) -> None:
    here, there, desk = today(booking), today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        place = walk_in(here, desk)
        body = {"session_id": there.id, "key": place["key"]}

        moved, called = at_once(
            poster(booking, None, f"/visits/{place['id']}/switch", body),
            poster(booking, desk.person, f"/sessions/{here.id}/call-next", {"bench": 1}),
        )

        assert sorted((moved.status_code, called.status_code)) == [200, 409]
        visit = desk.get(f"/places/{place['id']}").json
        assert visit["session"]["id"] == (there.id if moved.status_code == 200 else here.id)
        assert {one["number"] for one in visit["devices"]} == {visit["number"]}
        post(desk, f"/visits/{place['id']}/leave")


def test_going_over_to_two_lines_at_once_ends_in_one(booking: Service) -> None:
    here, desk = today(booking), booking.as_("coordinator")
    others = [today(booking), today(booking)]
    for _ in range(ROUNDS):
        place = walk_in(here, desk)
        path = f"/visits/{place['id']}/switch"
        bodies = [{"session_id": one.id, "key": place["key"]} for one in others]

        answers = at_once(*(poster(booking, None, path, body) for body in bodies))

        assert 200 in {one.status_code for one in answers}  # or one after the other: both
        lines = [one for told in (here, *others) for one in queue(told, desk)["waiting"]]
        assert [one["id"] for one in lines] == [place["id"]]
        post(desk, f"/visits/{place['id']}/leave")


def test_parts_and_an_outcome_at_once_are_one_of_the_two(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(ROUNDS):
        ticket = walk_in(told, desk)["devices"][0]["id"]
        call(told, desk)
        post(desk, f"/tickets/{ticket}/start", {"bench": 1})

        paused, closed = at_once(
            poster(booking, desk.person, f"/tickets/{ticket}/pause"),
            poster(booking, desk.person, f"/tickets/{ticket}/close", {"status": "Fixed"}),
        )

        assert sorted((paused.status_code, closed.status_code)) == [200, 409]
        assert queue(told, desk)["benches"][0]["visit"] is None


def test_one_act_undone_twice_at_once_is_undone_once(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    for _ in range(ROUNDS):
        call(told, desk)
        path = f"/taps/{queue(told, desk)['undo']['id']}/undo"

        answers = at_once(*(poster(booking, desk.person, path) for _ in range(2)))

        assert sorted(one.status_code for one in answers) == [200, 409]
        assert queue(told, desk)["waiting"][0]["calls"] == 0


def test_an_undo_and_another_desk_s_start_at_once_never_meet_half_way(booking: Service) -> None:
    desk, other = booking.as_("coordinator"), booking.as_("coordinator")
    for _ in range(ROUNDS):
        told = today(booking)
        place = walk_in(told, desk)
        call(told, desk)
        act, ticket = queue(told, desk)["undo"]["id"], place["devices"][0]["id"]

        undone, started = at_once(
            poster(booking, desk.person, f"/taps/{act}/undo"),
            poster(booking, other.person, f"/tickets/{ticket}/start", {"bench": 1}),
        )

        assert started.status_code == 200, started.json  # who waits again can be begun as well
        assert undone.status_code == 200 or undone.json["code"] == "not_undoable"
        bench = queue(told, desk)["benches"][0]
        assert (bench["visit"]["state"], bench["ticket"]["id"]) == ("serving", ticket)


def test_without_the_versions_an_undo_tears_a_device_from_its_owner(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    place = walk_in(told, desk)
    call(told, desk)
    with booking.database.reading() as session:
        seen = session.scalars(select(Visit)).one()
        assert seen.state == "called"  # looks as if nothing stood on the call

    post(desk, f"/tickets/{place['devices'][0]['id']}/start", {"bench": 1})
    with booking.database.transaction() as session:
        back = update(Visit).where(Visit.id == seen.id).values(state="waiting", bench=None)
        session.execute(back)

    with booking.database.reading() as session:
        begun = session.scalars(select(Ticket.state)).one()
        stands = session.scalars(select(Visit.state)).one()
    assert (stands, begun) == ("waiting", "started")
