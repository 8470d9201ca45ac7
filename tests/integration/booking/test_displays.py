"""Displays: they say that they live, and the desk sees which one does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import update

from services.booking.models.display import Display
from services.booking.models.live import version_of
from services.booking.use_cases.displays import forget_old
from shared.clock import now
from shared.ids import new_id
from tests.integration.booking.build import Told
from tests.integration.booking.line import helper, today, walk_in
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def beat(told: Told, who: ApiClient, id: str, **said: Any) -> Any:
    answer = who.put(f"/sessions/{told.id}/displays/{id}", {"sound": "voice", **said})
    assert answer.status_code == 200, answer.json
    return answer.json


def shown(told: Told, desk: ApiClient) -> list[tuple[int, str]]:
    answer = desk.get(f"/sessions/{told.id}/displays")
    assert answer.status_code == 200, answer.json
    return [(one["number"], one["state"]) for one in answer.json["items"]]


def later(told: Told, id: str, **changes: Any) -> None:
    with told.service.database.transaction() as session:
        session.execute(update(Display).where(Display.id == id).values(**changes))


def version(told: Told) -> int:
    with told.service.database.reading() as session:
        return version_of(session, told.id)


def test_a_display_has_a_number_and_is_silent_when_it_says_nothing(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    left, right = new_id(), new_id()
    assert [beat(told, desk, id)["number"] for id in (left, right, left)] == [1, 2, 1]
    assert shown(told, desk) == [(1, "ok"), (2, "ok")]

    later(told, right, seen_at=now() - timedelta(minutes=3))

    assert shown(told, desk) == [(1, "ok"), (2, "silent")]
    (_, silent) = desk.get("/displays").json["items"]
    assert silent["silent_seconds"] == pytest.approx(180, abs=2)


def test_a_display_with_an_old_picture_is_behind(booking: Service) -> None:
    told, desk, screen = today(booking), booking.as_("coordinator"), new_id()
    beat(told, desk, screen, shown=version(told))
    walk_in(told, desk)
    old = version(told) - 1

    beat(told, desk, screen, shown=old)
    at_first = shown(told, desk)
    later(told, screen, behind_since=now() - timedelta(minutes=1))
    beat(told, desk, screen, shown=old)
    then = shown(told, desk)
    beat(told, desk, screen, shown=version(told))

    assert (at_first, then) == ([(1, "ok")], [(1, "behind")])
    assert shown(told, desk) == [(1, "ok")]


def test_a_display_that_is_closed_says_so_and_comes_back(booking: Service) -> None:
    told, desk, screen = today(booking), booking.as_("coordinator"), new_id()
    beat(told, desk, screen)
    beat(told, desk, screen, leaving=True)
    closed = shown(told, desk)
    beat(told, desk, screen)

    assert (closed, shown(told, desk)) == ([(1, "closed")], [(1, "ok")])


def test_beats_move_no_page_but_news_do(booking: Service) -> None:
    told, desk, screen = today(booking), booking.as_("coordinator"), new_id()
    beat(told, desk, screen)
    before = version(told)

    beat(told, desk, screen)
    quiet = version(told)
    beat(told, desk, screen, sound="blocked", name="门口")

    assert (quiet, version(told)) == (before, before + 1)


def test_only_staff_and_the_front_beat_and_only_who_works_here_sees(booking: Service) -> None:
    told, desk, screen = today(booking), booking.as_("coordinator"), new_id()
    here, stranger, student = helper(told), booking.as_("volunteer"), booking.as_("student")
    body = {"sound": "voice"}
    path = f"/sessions/{told.id}/displays"

    assert student.put(f"{path}/{screen}", body).status_code == 403
    assert booking.client().put(f"{path}/{screen}", body).status_code == 401
    assert booking.as_("front").put(f"{path}/{screen}", body).status_code == 200
    assert [one.get(path).status_code for one in (desk, here, stranger)] == [200, 200, 404]
    assert here.get("/displays").status_code == 403
    assert stranger.delete(f"{path}/{screen}").status_code == 404
    assert here.delete(f"{path}/{screen}").status_code == 204
    assert here.delete(f"{path}/{screen}").status_code == 404
    assert desk.put(f"/sessions/{new_id()}/displays/{screen}", body).status_code == 404


def test_a_screen_shows_two_sessions_and_each_desk_sees_its_own(booking: Service) -> None:
    one, two, desk, screen = today(booking), today(booking), booking.as_("coordinator"), new_id()
    beat(one, desk, screen)
    beat(two, desk, screen, leaving=True)

    assert (shown(one, desk), shown(two, desk)) == ([(1, "ok")], [(1, "closed")])


def test_displays_registered_at_once_get_two_numbers(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(4):
        start = Barrier(2)

        def one(id: str, start: Barrier = start) -> int:
            start.wait()
            return int(beat(told, booking.client(desk.person), id)["number"])

        with ThreadPoolExecutor(2) as pool:
            numbers = list(pool.map(one, (new_id(), new_id())))
        assert len(set(numbers)) == 2


def test_displays_are_bounded_and_forgotten_after_a_week(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    for _ in range(50):
        beat(told, desk, new_id())

    more = desk.put(f"/sessions/{told.id}/displays/{new_id()}", {"sound": "off"})
    assert (more.status_code, more.json["code"]) == (409, "too_many_displays")

    with booking.database.transaction() as session:
        session.execute(update(Display).values(seen_at=now() - timedelta(days=8)))
        forget_old(session)
    assert shown(told, desk) == []
