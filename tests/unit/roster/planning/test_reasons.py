"""Every assignment says why, with figures that are true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from services.roster.planning import reasons as codes
from services.roster.planning import words
from services.roster.planning.check import violations
from services.roster.planning.greedy import Greedy
from services.roster.planning.problem import Cell, Problem, Role, Span
from services.roster.planning.reasons import Reason, reasons
from services.roster.planning.solvers import Until
from tests.unit.roster.planning.builders import at, problem, problems, shift, volunteer

MAINS = Role("mains", "mains", 1, 1)
WIDE = Role("help", None, 1, 3)


def why(asked: Problem, *cells: Cell) -> dict[str, Reason]:
    return {one.code: one for one in reasons(asked, frozenset(cells))[cells[0]]}


def test_the_one_with_fewest_hours_is_told_so_with_the_figures() -> None:
    people = [
        volunteer("new", "mains", served=timedelta(hours=2)),
        volunteer("old", "mains", served=timedelta(hours=6)),
        volunteer("none"),
    ]
    asked = problem([shift("s", 9, 11, MAINS, day=2)], people)

    reason = why(asked, Cell("new", "s", "mains"))["fewest_hours"]

    assert reason.figures == {"hours": 2.0, "others": 1, "next": 6.0}
    assert words.reason(reason, "en").startswith("fewest hours of those who could come: 2.0 h")
    assert words.reason(reason, "zh").startswith("能来的人里服务时长最少：2.0 小时")


def test_the_only_one_left_who_may_is_told_so() -> None:
    away = volunteer("away", "mains", free=())
    asked = problem([shift("s", 9, 11, MAINS)], [volunteer("here", "mains"), away])

    found = why(asked, Cell("here", "s", "mains"))

    assert found["only_one"].figures == {"skilled": 2}


def test_few_who_are_free_on_a_wednesday_are_told_the_day() -> None:
    rest = [volunteer(f"v{n}", "mains", free=(Span(at(1), at(2)),)) for n in range(3)]
    asked = problem([shift("s", 9, 11, MAINS, day=2)], [volunteer("here", "mains"), *rest])

    reason = why(asked, Cell("here", "s", "mains"))["few_free"]

    assert reason.figures == {"weekday": 3, "free": 1, "skilled": 4}
    assert "周三" in words.reason(reason, "zh")
    assert "Wednesdays" in words.reason(reason, "en")


def test_wishes_memory_and_newcomers_are_reasons() -> None:
    old = volunteer("old", gladly=frozenset({"s"}))
    cells = (Cell("old", "s", "help"), Cell("new", "s", "help"))
    asked = problem(
        [shift("s", 9, 11, WIDE)], [old, volunteer("new", newcomer=True)], last=frozenset(cells)
    )

    assert {"gladly", "kept", "guides"} <= set(why(asked, *cells))


def test_what_the_coordinator_fixed_needs_no_other_reason() -> None:
    cell = Cell("v", "s", "help")
    asked = problem([shift("s", 9, 11)], [volunteer("v")], fixed=frozenset({cell}))

    assert list(why(asked, cell)) == ["fixed"]


@given(asked=problems())
@settings(max_examples=60, deadline=None)
def test_the_others_are_those_who_could_really_take_the_place(asked: Problem) -> None:
    cells = Greedy().propose(asked, Until()).cells

    for cell, found in reasons(asked, cells).items():
        assert found
        if found[0].code == codes.FIXED:
            continue
        others = found[0].figures.get("others", 0)
        assert others == sum(_could(asked, cells, cell, who) for who in asked.volunteer)
        for one in found:
            assert words.reason(one, "zh")
            assert words.reason(one, "en")


def _could(asked: Problem, cells: frozenset[Cell], cell: Cell, who: str) -> bool:
    if any(one[:2] == (who, cell.shift) for one in cells):
        return False
    new = Cell(who, *cell[1:])
    found = violations(asked, (cells - {cell}) | {new})
    return not any(new in one.cells for one in found)


@pytest.mark.parametrize("code", list(words.REASONS))
def test_every_code_has_words(code: str) -> None:
    assert code in {getattr(codes, name) for name in dir(codes) if name.isupper()}


def test_a_plan_with_a_replaced_person_is_judged_without_them() -> None:
    """Who holds a place does not stand in the way of who could have it instead (seats, pairing)."""
    people = [volunteer("a"), volunteer("b")]
    asked = replace(problem([shift("s", 9, 11)], people))

    assert why(asked, Cell("a", "s", "help"))["fewest_hours"].figures["others"] == 1
