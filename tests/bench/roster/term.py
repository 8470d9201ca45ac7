"""A term of a university's repair centre by seed: sixteen weeks of sessions, people with classes, skills and limits.

Made up, but after what such centres do: repair on two evenings, at noon and on Saturday, training on Wednesday, a
health day on Sunday, theme days; National Day with moved working days; two exam weeks with little time for anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from services.roster.planning.free_time import TermDays
from services.roster.planning.problem import Problem, Role, Shift
from tests.bench.roster.people import person

ZONE = ZoneInfo("Asia/Shanghai")
TERM = TermDays(
    starts_on=date(2026, 9, 7),
    weeks=16,
    exam_weeks=frozenset({15, 16}),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)) | {date(2026, 9, 25)},
    moved={date(2026, 9, 20): 2, date(2026, 10, 10): 3},
)
THEME_DAYS = (date(2026, 10, 24), date(2026, 11, 21), date(2026, 12, 5))


@dataclass(frozen=True)
class Plan:
    """A kind of session: its weekday, the stretches it is cut into, and who is needed."""

    name: str
    weekday: int
    stretches: tuple[tuple[time, time], ...]
    roles: tuple[Role, ...]
    in_exams: bool = False


def roles(**wanted: tuple[str | None, int, int, int]) -> tuple[Role, ...]:
    """Return roles from (skill, level, least, most)."""
    return tuple(
        Role(code, skill, least, most, level)
        for code, (skill, level, least, most) in wanted.items()
    )


REPAIR = roles(
    mains=("mains", 2, 1, 2),
    electronics=("electronics", 1, 1, 1),
    desk=("desk", 1, 1, 1),
    helper=(None, 1, 0, 1),
)
NOON = roles(mains=("mains", 1, 1, 1), desk=("desk", 1, 1, 1))
TRAINING = roles(trainer=("mains", 3, 1, 1), assistant=("mains", 1, 1, 2))
HEALTH = roles(health=("health", 1, 2, 3), helper=(None, 1, 0, 1))
THEME = roles(
    mains=("mains", 1, 2, 4),
    electronics=("electronics", 1, 1, 2),
    desk=("desk", 1, 2, 2),
    helper=(None, 1, 1, 2),
)
EVENING = ((time(18, 30), time(20, 30)),)
AT_NOON = ((time(12, 20), time(13, 50)),)
SATURDAY = (
    (time(9), time(11, 30)),
    (time(11, 30), time(14)),
    (time(14), time(17)),
)
WEEK = (
    Plan("noon-mon", 1, AT_NOON, NOON),
    Plan("repair-mon", 1, EVENING, NOON),
    Plan("repair-tue", 2, EVENING, REPAIR, in_exams=True),
    Plan("noon-tue", 2, AT_NOON, NOON),
    Plan("training", 3, ((time(19), time(21)),), TRAINING),
    Plan("noon-wed", 3, AT_NOON, NOON),
    Plan("repair-thu", 4, EVENING, REPAIR, in_exams=True),
    Plan("noon-thu", 4, AT_NOON, NOON),
    Plan("noon-fri", 5, AT_NOON, NOON),
    Plan("visit-fri", 5, EVENING, HEALTH),
    Plan("repair-sat", 6, SATURDAY, REPAIR, in_exams=True),
    Plan("health", 7, ((time(9), time(11, 30)), (time(14), time(16, 30))), HEALTH),
)
FESTIVAL = Plan("theme", 6, (*SATURDAY, (time(17), time(19))), THEME)


def term_problem(seed: int, volunteers: int = 100, weeks: int = TERM.weeks) -> Problem:
    """Return the problem of a term (or its first weeks): the same for the same seed."""
    dice = Random(f"term {seed}")
    shifts = tuple(one for one in _shifts() if one[0] <= weeks)
    made = tuple(shift for _, shift in shifts)
    people = (person(dice, n, TERM, ZONE, made) for n in range(volunteers))
    return Problem(shifts=made, volunteers=tuple(people), zone=ZONE)


def _shifts() -> Iterator[tuple[int, Shift]]:
    for on, week in TERM.days():
        for plan in _plans(on, week):
            for n, (start, end) in enumerate(plan.stretches):
                session = f"{plan.name}-{on:%m%d}"
                yield (
                    week,
                    Shift(f"{session}-{n}", session, at(on, start), at(on, end), plan.roles),
                )


def _plans(on: date, week: int) -> Iterable[Plan]:
    if on in THEME_DAYS:
        return (FESTIVAL,)
    weekday = TERM.lived_as(on)
    exams = week in TERM.exam_weeks
    return [one for one in WEEK if one.weekday == weekday and (one.in_exams or not exams)]


def at(on: date, clock: time) -> datetime:
    """Return an instant of the centre's day."""
    return datetime.combine(on, clock, ZONE)
