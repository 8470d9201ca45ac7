"""Small problems of planning: by hand, and at random for Hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.roster.planning.problem import (
    Cell,
    Limits,
    Problem,
    Role,
    Shift,
    Skill,
    Span,
    Volunteer,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 9, 7, tzinfo=SHANGHAI)
ALWAYS = (Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),)
EASY = Limits(shifts_a_week=9, rest=timedelta(), in_a_row=timedelta(hours=24))
HELP = Role("help", None, 1, 1)


def at(hour: float, day: int = 0) -> datetime:
    """An instant of a day of the first week."""
    return MONDAY + timedelta(days=day, hours=hour)


def shift(
    id: str, start: float, end: float, *roles: Role, day: int = 0, session: str = "repair"
) -> Shift:
    return Shift(id, session, at(start, day), at(end, day), roles or (HELP,))


def volunteer(id: str, *skills: str, **given: Any) -> Volunteer:
    known = tuple(Skill(code) for code in skills)
    return Volunteer(id, known, given.pop("free", ALWAYS), given.pop("limits", EASY), **given)


def problem(shifts: list[Shift], people: list[Volunteer], **given: Any) -> Problem:
    return Problem(tuple(shifts), tuple(people), given.pop("zone", SHANGHAI), **given)


HOURS = st.integers(0, 14 * 24 // 2).map(lambda n: n * 2)
CODES = st.sampled_from(("mains", "desk"))


@st.composite
def _shifts(draw: st.DrawFn, number: int) -> Shift:
    start, length = draw(st.integers(0, 40)) * 6 + 8, draw(st.sampled_from((1, 2, 3, 5)))
    roles = tuple(
        Role(code, skill, least := draw(st.integers(0, 2)), least + draw(st.integers(0, 1)), level)
        for code, skill, level in draw(
            st.lists(
                st.tuples(st.sampled_from("ab"), st.none() | CODES, st.integers(1, 2)),
                min_size=1,
                max_size=2,
                unique_by=lambda one: one[0],
            )
        )
    )
    return shift(f"s{number}", start, start + length, *roles)


@st.composite
def _people(draw: st.DrawFn, number: int, shifts: tuple[Shift, ...]) -> Volunteer:
    ids = st.frozensets(st.sampled_from([one.id for one in shifts]), max_size=3)
    gladly = draw(ids)
    expiry = st.none() | HOURS.map(at)
    skills = draw(st.lists(st.builds(Skill, CODES, st.integers(1, 2), expiry), max_size=2))
    free = draw(
        st.just(ALWAYS)
        | st.lists(st.tuples(HOURS, st.integers(2, 100)), max_size=4).map(
            lambda some: tuple(Span(at(a), at(a + b)) for a, b in some)
        )
    )
    limits = Limits(
        draw(st.integers(0, 4)),
        timedelta(hours=draw(st.sampled_from((0, 1, 10)))),
        timedelta(hours=draw(st.sampled_from((2, 4, 24)))),
    )
    return Volunteer(
        f"v{number}",
        tuple(skills),
        free,
        limits,
        newcomer=draw(st.booleans()),
        served=timedelta(minutes=draw(st.integers(0, 600))),
        gladly=gladly,
        rather_not=draw(ids) - gladly,
    )


@st.composite
def problems(draw: st.DrawFn, *, locks: bool = True) -> Problem:
    """Up to eight shifts in two weeks and six people, most of whom cannot do everything."""
    shifts = tuple(draw(_shifts(n)) for n in range(draw(st.integers(1, 8))))
    people = tuple(draw(_people(n, shifts)) for n in range(draw(st.integers(0, 6))))
    made = Problem(shifts, people, SHANGHAI)
    cells = [Cell(p.id, s.id, r.code) for p in people for s in shifts for r in s.roles]
    if not cells:
        return made
    some = st.frozensets(st.sampled_from(cells), max_size=4)
    made = replace(made, last=draw(some))
    if not locks:
        return made
    off = frozenset(cell[:2] for cell in draw(some))
    fixed: dict[tuple[str, str], Cell] = {}
    for cell in sorted(draw(some)):
        there = sum(one[1:] == cell[1:] for one in fixed.values())
        if cell[:2] not in off and there < made.role(cell).most:
            fixed.setdefault(cell[:2], cell)
    return replace(made, fixed=frozenset(fixed.values()), kept_off=off)
