"""Named stretches of time, as they lie around a day at the venue."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from werkzeug.datastructures import MultiDict

from services.web.views import periods


@pytest.fixture(autouse=True)
def _thursday() -> Iterator[None]:
    """Half past midnight on Friday 27 November 2026 at the venue, Thursday in UTC."""
    with time_machine.travel(datetime(2026, 11, 26, 16, 30, tzinfo=UTC), tick=False):
        yield


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 11, 27), date(2026, 11, 27)),
        ("week", date(2026, 11, 23), date(2026, 11, 29)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("all", None, None),
    ],
)
def test_a_period_lies_around_the_day_of_the_venue(
    name: str, first: date | None, last: date | None
) -> None:
    found = periods.named(name)

    assert (found.first, found.last) == (first, last)


def test_half_years_meet_without_a_gap() -> None:
    assert periods.half_year(date(2027, 1, 31)) == (date(2026, 8, 16), date(2027, 1, 31))
    assert periods.half_year(date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 8, 15))
    assert periods.half_year(date(2027, 8, 16))[0] == date(2027, 8, 16)


def test_days_that_were_typed_count_before_a_name() -> None:
    typed = MultiDict({"period": "week", "from": "2026-03-09", "to": "2026-03-02"})

    found = periods.asked_for(typed, "week")

    assert found.query == {"from": "2026-03-02", "to": "2026-03-09"}
    assert found.printed == "2026 年 3 月 2 日 – 2026 年 3 月 9 日"


def test_a_day_that_makes_no_sense_is_open() -> None:
    found = periods.asked_for(MultiDict({"from": "soon", "to": "2026-03-02"}), "week")

    assert (found.query, found.printed) == ({"to": "2026-03-02"}, "… – 2026 年 3 月 2 日")
    assert periods.asked_for(MultiDict({"period": "ever"}), "week").name == "week"
