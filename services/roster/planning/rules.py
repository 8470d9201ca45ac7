"""The hard rules, each by its name: would this person on this seat break it? Everything that solves or explains asks here."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.roster.planning.problem import Problem, Role, Shift, Volunteer

BREAK = timedelta(
    minutes=15
)  # shifts with less between them are worked in a row (the roster's PAUSE)


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who might take a role of a shift, beside what they have (`held`) and who is there (`crew`)."""

    problem: Problem
    volunteer: Volunteer
    shift: Shift
    role: Role
    held: Sequence[Shift] = ()
    crew: Sequence[tuple[Volunteer, Role]] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: its name, and whether a case breaks it."""

    name: str
    breaks: Callable[[Case], bool]

    def __str__(self) -> str:
        return self.name


def _skill(case: Case) -> bool:
    """The role's skill is held, at the level, until the shift's end."""
    wanted, until = case.role, case.shift.ends_at
    return wanted.skill is not None and not any(
        has.code == wanted.skill
        and has.level >= wanted.level
        and (has.expires_at is None or has.expires_at >= until)
        for has in case.volunteer.skills
    )


def _availability(case: Case) -> bool:
    """The whole shift lies in one stretch of free time."""
    free, shift = case.volunteer.free, case.shift
    at = bisect_right(free, shift.starts_at, key=lambda span: span.start)
    return at == 0 or free[at - 1].end < shift.ends_at


def _kept_off(case: Case) -> bool:
    """The coordinator keeps this person off this shift."""
    return (case.volunteer.id, case.shift.id) in case.problem.kept_off


def _overlap(case: Case) -> bool:
    """Nobody is in two places, nor in two roles of one shift."""
    shift = case.shift
    return any(
        other.starts_at < shift.ends_at and shift.starts_at < other.ends_at for other in case.held
    )


def _rest(case: Case) -> bool:
    """Two shifts have the rest between them, or follow each other without a break and are one turn."""
    for other in case.held:
        first, then = sorted((case.shift, other), key=lambda one: one.starts_at)
        if BREAK <= then.starts_at - first.ends_at < case.volunteer.limits.rest:
            return True
    return False


def _in_a_row(case: Case) -> bool:
    """Shifts that follow each other without a break last no longer than the limit, together."""
    start, end, grows = case.shift.starts_at, case.shift.ends_at, True
    while grows:
        joined = [
            other
            for other in case.held
            if start - other.ends_at < BREAK and other.starts_at - end < BREAK
        ]
        begin = min([start, *(other.starts_at for other in joined)])
        finish = max([end, *(other.ends_at for other in joined)])
        grows, start, end = (begin, finish) != (start, end), begin, finish
    return end - start > case.volunteer.limits.in_a_row


def _weekly(case: Case) -> bool:
    """A calendar week holds no more shifts than the person wants."""
    week = case.problem.week(case.shift)
    taken = sum(case.problem.week(other) == week for other in case.held)
    return taken >= case.volunteer.limits.shifts_a_week


def _seats(case: Case) -> bool:
    """A role has no more people than it takes."""
    return sum(role.code == case.role.code for _, role in case.crew) >= case.role.most


def _pairing(case: Case) -> bool:
    """A newcomer is on a shift only together with somebody who is none."""
    return case.volunteer.newcomer and all(other.newcomer for other, _ in case.crew)


SKILL = Rule("skill", _skill)
AVAILABILITY = Rule("availability", _availability)
KEPT_OFF = Rule("kept_off", _kept_off)
OVERLAP = Rule("overlap", _overlap)
REST = Rule("rest", _rest)
IN_A_ROW = Rule("in_a_row", _in_a_row)
WEEKLY = Rule("weekly_limit", _weekly)
SEATS = Rule("seats", _seats)
PAIRING = Rule("pairing", _pairing)

ALONE = (KEPT_OFF, AVAILABILITY)  # judged by a person and a shift, whatever the role
PAIRS = (OVERLAP, REST)  # judged by two shifts of one person
RULES = (*ALONE, SKILL, *PAIRS, IN_A_ROW, WEEKLY, SEATS, PAIRING)


def broken(case: Case, rules: Sequence[Rule] = RULES) -> frozenset[str]:
    """Return the names of all rules that a case would break."""
    return frozenset(rule.name for rule in rules if rule.breaks(case))
