"""What the wall says aloud, and where the day stands on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.web.clients.base import Text
from services.web.clients.queue import Board, Call, QueueSession
from services.web.views import wall

OPENS = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=3)
NOBODY: dict[str, Any] = {"next": (), "benches": ()}


def board(state: str = "published", **given: Any) -> Board:
    session = QueueSession("1", Text("维修"), Text("203"), OPENS, CLOSES, state)
    return Board(version=1, at=OPENS, session=session, **{**NOBODY, **given})


@pytest.mark.parametrize(
    ("number", "bench", "zh", "en"),
    [
        ("A021", 3, "A 零二一号，请到 3 号工位", "Number A zero two one, please go to bench 3."),
        (
            "B107",
            12,
            "B 一零七号，请到 12 号工位",
            "Number B one zero seven, please go to bench 12.",
        ),
        (
            "A009",
            None,
            "A 零零九号，请到服务台",
            "Number A zero zero nine, please come to the desk.",
        ),
    ],
)
def test_numbers_are_said_digit_by_digit_in_both_languages(
    number: str, bench: int | None, zh: str, en: str
) -> None:
    call = Call(number, bench)

    assert (wall.spoken(call), wall.spoken_en(call)) == (zh, en)


def test_a_call_holds_no_name() -> None:
    call = Call("A021", 3, name="张*明")

    assert "张" not in wall.spoken(call) + wall.spoken_en(call)


@pytest.mark.parametrize(
    ("after", "people", "expected"),
    [
        (timedelta(hours=-2), NOBODY, "early"),
        (timedelta(hours=-2), {"next": (Call("A001", None),)}, "open"),
        (timedelta(minutes=-10), NOBODY, "open"),
        (timedelta(hours=1), NOBODY, "open"),
        (timedelta(hours=3), NOBODY, "over"),
        (timedelta(hours=3), {"benches": (Call("A001", 1),)}, "open"),
        (timedelta(hours=4), NOBODY, "night"),
    ],
)
def test_the_wall_knows_when_the_day_begins_and_ends(
    after: timedelta, people: dict[str, Any], expected: str
) -> None:
    assert wall.phase(board(**people), OPENS + after) == expected


def test_a_cancelled_session_is_cancelled_at_any_hour() -> None:
    assert wall.phase(board("cancelled"), OPENS) == "cancelled"


def test_a_call_s_age_goes_by_the_suite_s_clock() -> None:
    call = Call("A001", 1, called_at=OPENS - timedelta(seconds=42))

    assert wall.age(board(), call) == 42
