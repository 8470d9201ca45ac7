"""For each hard rule a problem in which it alone keeps one place empty."""

from dataclasses import replace
from datetime import timedelta

from services.roster.planning.problem import Limits, Problem, Role, Span
from tests.unit.roster.planning.builders import EASY, at, problem, shift, volunteer

MAINS = Role("mains", "mains", 1, 1)
ONE = [shift("s", 9, 11)]
TURN = [shift("s", 9, 11), shift("t", 11, 13)]

LONE: dict[str, Problem] = {
    "kept_off": problem(ONE, [volunteer("v")], kept_off=frozenset({("v", "s")})),
    "skill": problem([shift("s", 9, 11, MAINS)], [volunteer("v", "desk")]),
    "availability": problem(ONE, [volunteer("v", free=(Span(at(8), at(10.5)),))]),
    "overlap": problem([shift("s", 9, 11), shift("t", 10, 12)], [volunteer("v")]),
    "rest": problem(
        [shift("s", 19, 21), shift("t", 5, 7, day=1)],
        [volunteer("v", limits=Limits(9, timedelta(hours=10), timedelta(hours=4)))],
    ),
    "in_a_row": problem(TURN, [volunteer("v", limits=replace(EASY, in_a_row=timedelta(hours=3)))]),
    "weekly_limit": problem(
        [shift("s", 9, 11), shift("t", 9, 11, day=3)],
        [volunteer("v", limits=replace(EASY, shifts_a_week=1))],
    ),
    "pairing": problem(ONE, [volunteer("v", newcomer=True)]),
}


def relaxed(asked: Problem, rule: str) -> Problem:
    """The same problem in which one rule has no teeth, as far as data can do that."""
    if rule == "kept_off":
        return replace(asked, kept_off=frozenset())
    if rule == "skill":
        free = tuple(
            replace(s, roles=tuple(replace(role, skill=None) for role in s.roles))
            for s in asked.shifts
        )
        return replace(asked, shifts=free)
    changes = {
        "availability": lambda one: replace(one, free=(Span(at(-9999), at(9999)),)),
        "rest": lambda one: replace(one, limits=replace(one.limits, rest=timedelta())),
        "weekly_limit": lambda one: replace(one, limits=replace(one.limits, shifts_a_week=99)),
        "pairing": lambda one: replace(one, newcomer=False),
    }
    people = tuple(changes[rule](one) for one in asked.volunteers)
    return replace(asked, volunteers=people)
