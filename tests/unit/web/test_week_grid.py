"""Weekly hours are shown in a grid of hours, and saving it loses nothing that the grid cannot show."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from services.web import week_grid
from services.web.clients.availability import WeeklySpan
from services.web.forms import Form

Plain = tuple[int, str, str]


def week(*spans: Plain) -> Any:
    return SimpleNamespace(weekly=tuple(WeeklySpan(s, e, d) for d, s, e in spans), lessons=())


def form(hours: list[str], stretches: list[str]) -> Form:
    pairs = [("hours", one) for one in hours] + [("stretches", one) for one in stretches]
    return Form(MultiDict(pairs), posted=True)


def saved(hours: list[str], stretches: list[str]) -> list[Plain]:
    found = week_grid.weekly_of(form(hours, stretches))
    return [(one["weekday"], one["starts"], one["ends"]) for one in found]


def untouched(found: Any) -> list[Plain]:
    """Save the page as it was opened."""
    return saved(week_grid.ticked(found), [value for value, _ in week_grid.others(found)])


@pytest.mark.parametrize(
    "span",
    [(3, "18:30", "20:15"), (1, "07:00", "09:00"), (5, "21:00", "23:00"), (2, "00:00", "24:00")],
)
def test_a_stretch_that_the_grid_cannot_show_stands_beside_it(span: Plain) -> None:
    found = week(span, (4, "09:00", "11:00"))

    assert week_grid.ticked(found) == ["4-9", "4-10"]
    assert untouched(found) == sorted([span, (4, "09:00", "11:00")])
    assert saved(week_grid.ticked(found), []) == [(4, "09:00", "11:00")]


QUARTERS = st.sets(st.integers(0, 95), max_size=40)


@given(st.dictionaries(st.integers(1, 7), QUARTERS, max_size=7))
def test_saving_the_page_as_it_was_opened_changes_nothing(quarters: dict[int, set[int]]) -> None:
    spans = []
    for weekday, free in sorted(quarters.items()):
        for start in sorted(one for one in free if one - 1 not in free):
            end = next(one for one in range(start, 97) if one not in free)
            spans.append((weekday, clock(start), clock(end)))

    assert untouched(week(*spans)) == spans


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def test_what_touches_or_overlaps_becomes_one() -> None:
    assert saved(["1-9", "1-8", "2-10"], ["1-09:30-10:30"]) == [
        (1, "08:00", "10:30"),
        (2, "10:00", "11:00"),
    ]


def test_what_is_no_block_and_no_stretch_is_left_out() -> None:
    assert saved(["8-9", "x", "1-"], ["1-9:00-10:00", "0-09:00-10:00"]) == []
