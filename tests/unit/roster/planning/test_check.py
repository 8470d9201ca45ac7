"""The second opinion finds each kind of broken rule: planted one by one, and planted into the rules themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.roster.models.limits import PAUSE
from services.roster.planning.check import violations
from services.roster.planning.problem import Cell, Limits, Problem, Role, Skill, Span
from services.roster.planning.rules import BREAK
from tests.unit.roster.planning.builders import EASY, HELP, at, problem, shift, volunteer

MAINS = Role("mains", "mains", 1, 1, level=2)


def cells(*names: str) -> frozenset[Cell]:
    return frozenset(Cell(*name.split()) for name in names)


def found(asked: Problem, *names: str) -> set[str]:
    return {one.rule for one in violations(asked, cells(*names))}


@pytest.mark.parametrize(
    "skill",
    [None, Skill("desk", 2), Skill("mains", 1), Skill("mains", 2, at(10))],
    ids=["none", "another", "too low", "runs out during the shift"],
)
def test_a_missing_low_or_expired_skill_is_found(skill: Skill | None) -> None:
    person = replace(volunteer("v"), skills=(skill,) if skill else ())

    assert found(problem([shift("s", 9, 11, MAINS)], [person]), "v s mains") == {"skill"}


def test_a_skill_until_the_very_end_of_a_shift_will_do() -> None:
    person = replace(volunteer("v"), skills=(Skill("mains", 3, at(11)),))

    assert found(problem([shift("s", 9, 11, MAINS)], [person]), "v s mains") == set()


def test_a_shift_that_reaches_out_of_free_time_is_found() -> None:
    person = volunteer("v", free=(Span(at(8), at(10)), Span(at(10.5), at(12))))
    asked = problem([shift("s", 9, 11), shift("t", 8, 10)], [person])

    assert found(asked, "v s help") == {"availability"}
    assert found(asked, "v t help") == set()


def test_two_places_at_once_are_found_but_not_one_after_the_other() -> None:
    asked = problem([shift("s", 9, 11), shift("t", 10, 12), shift("u", 11, 12)], [volunteer("v")])

    assert found(asked, "v s help", "v t help") == {"overlap"}
    assert found(asked, "v s help", "v u help") == set()


def test_too_little_rest_is_found_unless_it_is_one_turn() -> None:
    limits = Limits(9, timedelta(hours=10), timedelta(hours=4))
    shifts = [shift("s", 9, 11), shift("t", 11, 13), shift("u", 19, 21), shift("w", 7, 8, day=1)]
    asked = problem(shifts, [volunteer("v", limits=limits)])

    assert found(asked, "v s help", "v t help") == set()
    assert found(asked, "v s help", "v u help") == {"rest"}
    assert found(asked, "v u help", "v w help") == set()


def test_too_many_hours_in_a_row_are_found() -> None:
    limits = Limits(9, timedelta(), timedelta(hours=4))
    shifts = [shift("s", 9, 11), shift("t", 11, 13), shift("u", 13.2, 15), shift("w", 15.5, 17)]
    asked = problem(shifts, [volunteer("v", limits=limits)])

    assert found(asked, "v s help", "v t help") == set()
    assert found(asked, "v s help", "v t help", "v u help") == {"in_a_row"}
    assert found(asked, "v s help", "v t help", "v w help") == set()


def test_what_is_no_pause_for_a_proposal_is_none_for_taking_a_shift() -> None:
    assert BREAK == PAUSE


def test_a_week_ends_on_sunday_at_midnight_in_the_zone() -> None:
    person = volunteer("v", limits=replace(EASY, shifts_a_week=1))
    sunday, monday = shift("s", 22, 23.5, day=6), shift("t", 1, 2, day=7)
    asked = problem([sunday, monday, shift("u", 9, 10, day=7)], [person])

    assert sunday.starts_at.isocalendar()[1] == monday.starts_at.isocalendar()[1]  # in UTC
    assert found(asked, "v s help", "v t help") == set()
    assert found(asked, "v t help", "v u help") == {"weekly_limit"}


def test_a_newcomer_alone_or_among_newcomers_is_found() -> None:
    wide = Role("help", None, 0, 3)
    people = [volunteer("n", newcomer=True), volunteer("m", newcomer=True), volunteer("old")]
    asked = problem([shift("s", 9, 11, wide)], people)

    assert found(asked, "n s help", "m s help") == {"pairing"}
    assert found(asked, "n s help", "m s help", "old s help") == set()


def test_a_full_role_and_a_lost_lock_are_found() -> None:
    asked = problem([shift("s", 9, 11)], [volunteer("a"), volunteer("b")])
    locked = replace(asked, fixed=cells("a s help"), kept_off=frozenset({("b", "s")}))

    assert found(asked, "a s help", "b s help") == {"seats"}
    assert found(locked, "b s help") == {"kept_off", "locks"}


def test_what_the_coordinator_fixed_is_not_judged_but_counts() -> None:
    person = volunteer("v", free=(), limits=replace(EASY, shifts_a_week=1))
    asked = problem(
        [shift("s", 9, 11), shift("t", 9, 11, day=1)], [person], fixed=cells("v s help")
    )

    assert found(asked, "v s help") == set()
    assert found(asked, "v s help", "v t help") == {"availability", "weekly_limit"}


def test_help_needs_no_skill() -> None:
    assert found(problem([shift("s", 9, 11, HELP)], [volunteer("v")]), "v s help") == set()
