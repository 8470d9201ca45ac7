"""What cannot be filled names the rule that really binds: without it the place can be filled."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings

from services.roster.planning import words
from services.roster.planning.check import violations
from services.roster.planning.gaps import gaps
from services.roster.planning.greedy import Greedy
from services.roster.planning.problem import Cell, Problem, Role
from services.roster.planning.rules import RULES
from services.roster.planning.solvers import Until
from tests.unit.roster.planning.builders import EASY, problem, problems, shift, volunteer
from tests.unit.roster.planning.lone_rules import LONE, relaxed

RELAXABLE = [name for name in LONE if name not in ("overlap", "in_a_row")]


@pytest.mark.parametrize("name", LONE)
def test_the_only_rule_in_the_way_is_named(name: str) -> None:
    asked = LONE[name]
    made = Greedy().propose(asked, Until())

    (gap,) = gaps(asked, made.cells)

    assert (gap.missing, gap.binding) == (1, name)
    assert gap.ways[0].volunteers == ("v",)


@pytest.mark.parametrize("name", RELAXABLE)
def test_without_that_rule_the_place_is_filled_without_another_it_is_not(name: str) -> None:
    asked = LONE[name]
    for other in RELAXABLE:
        cost = Greedy().propose(relaxed(asked, other), Until()).cost

        assert (cost.short == 0) == (other == name), other


@given(asked=problems())
@settings(max_examples=80, deadline=None)
def test_every_way_lets_in_whom_it_names_and_no_fewer_rules_would(asked: Problem) -> None:
    cells = Greedy().propose(asked, Until()).cells

    for gap in gaps(asked, cells):
        there = {cell.volunteer for cell in cells if cell.shift == gap.shift}
        assert {who for way in gap.ways for who in way.volunteers} <= set(asked.volunteer) - there
        for way in gap.ways:
            for who in way.volunteers:
                broken = _breaks(asked, cells, Cell(who, gap.shift, gap.role))
                assert broken == way.rules


@given(asked=problems())
@settings(max_examples=60, deadline=None)
def test_a_binding_rule_is_enough_and_any_other_is_not(asked: Problem) -> None:
    cells = Greedy().propose(asked, Until()).cells

    for gap in gaps(asked, cells):
        if gap.binding is None:
            continue
        for rule in RULES:
            fits = [
                who
                for who in asked.volunteer
                if not _breaks(asked, cells, Cell(who, gap.shift, gap.role)) - {rule.name}
            ]
            assert bool(fits) == (rule.name == gap.binding)


def _breaks(asked: Problem, cells: frozenset[Cell], more: Cell) -> frozenset[str]:
    """What one cell more would break, by the second opinion."""
    if any(cell[:2] == more[:2] for cell in cells):
        return frozenset({"overlap", "there already"})
    found = violations(asked, cells | {more})
    return frozenset(one.rule for one in found)


def test_two_rules_that_must_give_way_together_are_named_together() -> None:
    busy = volunteer("v", free=(), limits=replace(EASY, shifts_a_week=0))

    (gap,) = gaps(problem([shift("s", 9, 11)], [busy]), frozenset())

    assert gap.binding is None
    assert [way.rules for way in gap.ways] == [{"availability", "weekly_limit"}]
    assert words.gap(gap, "en") == (
        "they are not free then, and they have all the shifts they want that week (else 1 could come)"
    )


def test_an_optional_place_that_would_cost_too_many_hours_says_so() -> None:
    asked = problem([shift("s", 9, 11, Role("help", None, 0, 1))], [volunteer("v")])

    (gap,) = gaps(asked, frozenset())

    assert (gap.missing, gap.empty) == (0, 1)
    assert words.gap(gap, "zh") == "1 人可以来，但他们的服务时长已经偏多"


def test_with_nobody_at_all_nobody_is_left_to_ask() -> None:
    (gap,) = gaps(problem([shift("s", 9, 11)], []), frozenset())

    assert words.gap(gap, "zh") == "没有可以问的人了"


def test_every_rule_has_words_in_both_languages() -> None:
    assert set(words.RULES) == {rule.name for rule in RULES}
    assert all(chain(*words.RULES.values(), *words.REASONS.values()))
