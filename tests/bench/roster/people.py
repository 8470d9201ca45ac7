"""Volunteers by chance: classes, evenings, skills and tastes of students and a few teachers of a repair centre."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from services.roster.planning.free_time import Pattern, TermDays, Weekly, free_time
from services.roster.planning.problem import Limits, Shift, Skill, Span, Volunteer

BLOCKS = (
    (time(8), time(9, 35)),
    (time(9, 50), time(12, 15)),
    (time(13, 30), time(15, 5)),
    (time(15, 20), time(16, 55)),
    (time(18, 30), time(20, 55)),
)
TAUGHT = (0.6, 0.7, 0.55, 0.4, 0.16)  # how often a block holds a class
EVENING = (time(17), time(21, 30))
NOON = (time(12), time(14, 30))
HALF_DAYS = ((time(8, 30), time(14)), (time(11), time(17, 30)), (time(8, 30), time(19, 30)))


def person(
    dice: Random, number: int, term: TermDays, zone: ZoneInfo, shifts: tuple[Shift, ...]
) -> Volunteer:
    """Return one volunteer; about one in six is new this term."""
    newcomer = dice.random() < 0.16
    free = free_time(term, zone, _pattern(dice, term), away=_away(dice, term, zone))
    kinds = sorted({shift.session.rsplit("-", 1)[0] for shift in shifts})
    gladly = {kind for kind in kinds if dice.random() < 0.2}
    rather_not = {kind for kind in kinds if dice.random() < 0.15} - gladly
    return Volunteer(
        id=f"v{number:03}",
        skills=_skills(dice, term, zone, newcomer=newcomer),
        free=free,
        limits=_limits(dice),
        newcomer=newcomer,
        served=timedelta(minutes=30 * dice.choice((0, 0, 0, 2, 3, 4, 6, 8))),
        gladly=_of_kinds(shifts, gladly),
        rather_not=_of_kinds(shifts, rather_not),
    )


def _of_kinds(shifts: tuple[Shift, ...], kinds: set[str]) -> frozenset[str]:
    return frozenset(one.id for one in shifts if one.session.rsplit("-", 1)[0] in kinds)


def _limits(dice: Random) -> Limits:
    return Limits(
        shifts_a_week=dice.choices((1, 2, 3), (55, 35, 10))[0],
        rest=timedelta(hours=dice.choice((1, 10, 12))),
        in_a_row=timedelta(hours=dice.choice((3, 5, 6))),
    )


def _skills(dice: Random, term: TermDays, zone: ZoneInfo, *, newcomer: bool) -> tuple[Skill, ...]:
    if newcomer:
        return (Skill("desk"),) if dice.random() < 0.5 else ()
    found = [Skill("desk")] if dice.random() < 0.6 else []
    if dice.random() < 0.5:
        level = dice.choices((1, 2, 3), (45, 37, 18))[0]
        found.append(Skill("mains", level, _expiry(dice, term, zone)))
    if dice.random() < 0.3:
        found.append(Skill("electronics", 1, _expiry(dice, term, zone)))
    if dice.random() < 0.25:
        found.append(Skill("health"))
    return tuple(found)


def _expiry(dice: Random, term: TermDays, zone: ZoneInfo) -> datetime | None:
    """One skill in twelve runs out within the term."""
    if dice.random() > 1 / 12:
        return None
    on: date = term.starts_on + timedelta(days=dice.randrange(7 * term.weeks))
    return datetime.combine(on, time(0), zone)


def _pattern(dice: Random, term: TermDays) -> Pattern:
    offers = [Weekly(day, *EVENING) for day in range(1, 6) if dice.random() < 0.5]
    offers += [Weekly(day, *NOON) for day in range(1, 6) if dice.random() < 0.35]
    offers += [Weekly(day, *dice.choice(HALF_DAYS)) for day in (6, 7) if dice.random() < 0.55]
    few = tuple(one for one in offers if dice.random() < 0.4)
    return Pattern(tuple(offers), few, tuple(_classes(dice, term)))


def _classes(dice: Random, term: TermDays) -> list[Weekly]:
    every = range(1, term.weeks + 1)
    weeks = (
        frozenset(every),
        frozenset(week for week in every if week % 2),
        frozenset(week for week in every if week <= 8),
        frozenset(week for week in every if week > 8),
    )
    return [
        Weekly(day, start, end, dice.choices(weeks, (6, 1, 1, 1))[0])
        for day in range(1, 6)
        for (start, end), share in zip(BLOCKS, TAUGHT, strict=True)
        if dice.random() < share
    ]


def _away(dice: Random, term: TermDays, zone: ZoneInfo) -> list[Span]:
    """Matches, trips, illness: up to three stretches of some days."""
    spans = []
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        first = term.starts_on + timedelta(days=dice.randrange(7 * term.weeks))
        start = datetime.combine(first, time(0), zone)
        spans.append(Span(start, start + timedelta(days=dice.randrange(1, 6))))
    return spans
