"""What the desk, the wall and strangers see of a line."""

from collections.abc import Callable

import pytest

from tests.integration.booking.line import (
    call,
    helper,
    on_duty,
    queue,
    today,
    walk_in,
)
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def test_only_staff_and_the_session_s_volunteers_see_a_line(booking: Service) -> None:
    told, other = today(booking), today(booking)
    mine = helper(told)

    assert mine.get(f"/sessions/{told.id}/queue").status_code == 200
    assert mine.get(f"/sessions/{other.id}/queue").status_code == 404
    assert booking.as_("volunteer").get(f"/sessions/{told.id}/queue").status_code == 404
    assert booking.as_("student").get(f"/sessions/{told.id}/queue").status_code == 403
    assert booking.client().get(f"/sessions/{told.id}/queue").status_code == 401


def test_the_wait_is_unknown_until_somebody_is_on_duty(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    first = walk_in(told, desk, devices=2)
    second = walk_in(told, desk)

    before = desk.get(f"/places/{second['id']}").json
    on_duty(told, 2)
    after = desk.get(f"/places/{second['id']}").json

    assert (before["wait"], before["ahead"], before["ahead_numbers"]) == (None, 1, ["B001"])
    assert after["wait"]["low"] < after["wait"]["high"]
    assert after["wait"]["reason"]["zh"].startswith("2 位志愿者在岗")
    assert desk.get(f"/places/{first['id']}").json["wait"]["low"] == 0


def test_the_desk_is_warned_when_the_line_outlasts_the_session(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    assert queue(told, desk)["warning"]["en"].startswith("People are waiting")
    on_duty(told, 1)
    assert queue(told, desk)["warning"] is None

    walk_in(told, desk, devices=5)

    assert "办不完" in queue(told, desk)["warning"]["zh"]


def test_the_board_shows_numbers_benches_and_masked_names_only(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk, name="张三明")
    walk_in(told, desk)
    call(told, desk, bench=2)

    answer = booking.as_("front").get(f"/sessions/{told.id}/board")

    assert answer.status_code == 200, answer.json
    board = answer.json
    assert (board["call"]["number"], board["call"]["bench"], board["call"]["name"]) == (
        "B001", 2, "张*明",
    )  # fmt: skip
    assert [one["number"] for one in board["next"]] == ["B002"]
    assert "张三明" not in answer.get_data(as_text=True)
    assert "不加热" not in answer.get_data(as_text=True)
    assert "key" not in board["call"]


def test_an_unchanged_line_answers_304(booking: Service) -> None:
    told, desk = today(booking), booking.as_("coordinator")
    walk_in(told, desk)
    path = f"/sessions/{told.id}/queue"
    first = desk.get(path)

    same = desk.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    walk_in(told, desk)
    changed = desk.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})

    assert same.status_code == 304
    assert changed.status_code == 200
    assert changed.json["version"] > first.json["version"]
