"""The turn: whoever is in line is passed by a bounded number of people, and by nobody after a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.models.line_policy import LineRules
from services.booking.models.visit import (
    GRACE,
    WALK_IN_STEP,
    Visit,
    turn,
    turn_back,
    turn_later,
)
from services.booking.queries.steps import suggested

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = LineRules()
LATEST = GRACE + RULES.late_times * RULES.late_minutes * MINUTE
MINUTES = st.integers(-180, 600).map(lambda minutes: timedelta(minutes=minutes))


@given(MINUTES, MINUTES)
def test_nobody_waits_behind_people_who_come_half_an_hour_later(
    arrival: timedelta, later: timedelta
) -> None:
    mine = turn(NOON + arrival, None, NOON)
    walk_in = turn(NOON + arrival + abs(later), None, NOON)
    late = turn(NOON + arrival + abs(later), NOON + arrival + abs(later) - 2 * GRACE, NOON)

    assert mine <= walk_in
    if abs(later) >= timedelta(minutes=15) and arrival >= timedelta(0):
        assert mine <= late


@given(MINUTES)
def test_coming_back_soon_keeps_the_turn(away: timedelta) -> None:
    kept = RULES.keeps()
    back = turn_back(NOON, NOON + kept, NOON + abs(away))

    assert (back == NOON) == (abs(away) <= kept)


@given(MINUTES, st.integers(3, 30))
def test_a_few_minutes_never_bring_anybody_forward(moment: timedelta, by: int) -> None:
    later = turn_later(NOON, NOON + moment, by * MINUTE)

    assert later >= NOON
    assert later <= max(NOON, NOON + moment + by * MINUTE)


def test_who_said_they_are_late_keeps_the_turn_that_much_longer_and_not_a_minute_more() -> None:
    late = timedelta(minutes=20)

    assert turn(NOON + GRACE + late, NOON, NOON, late=late) == NOON
    assert turn(NOON + GRACE + late + MINUTE, NOON, NOON, late=late) == NOON + GRACE + late + MINUTE


def test_a_rework_goes_first_after_those_whose_turn_has_come() -> None:
    rework = turn(NOON, None, NOON - MINUTE, prior=True)
    due = turn(NOON - WALK_IN_STEP, None, NOON - 60 * MINUTE)
    not_due = turn(NOON - WALK_IN_STEP + MINUTE, None, NOON - 60 * MINUTE)

    assert due <= rework < not_due
    assert turn(NOON - MINUTE, None, NOON, prior=True) == NOON  # not before the doors open


def test_a_call_that_nobody_answers_suggests_the_next_step_by_the_rules() -> None:
    called = Visit(state="called", calls=1, called_at=NOON)
    rules = LineRules(recall_seconds=60, calls_before_absent=2)

    assert suggested(called, rules, NOON + timedelta(seconds=59)) is None
    assert suggested(called, rules, NOON + MINUTE) == "recall"
    called.calls = 2
    assert suggested(called, rules, NOON + MINUTE) == "absent"


@dataclass
class Person:
    """Somebody in the play: when they come, by which right, how long their repair takes."""

    comes: int
    slot: int | None = None
    prior: bool = False
    late: int = 0
    takes: int = 10
    snooze_at: int | None = None
    turn: datetime = NOON
    asleep: datetime | None = None
    passed_by: list["Person"] = field(default_factory=list)

    def arrive(self) -> None:
        slot = None if self.slot is None else NOON + self.slot * MINUTE
        came = NOON + self.comes * MINUTE
        self.turn = turn(came, slot, NOON, late=self.late * MINUTE, prior=self.prior)


BOOKED = st.builds(
    lambda slot, off, late, takes: Person(slot + off, slot, late=late, takes=takes),
    st.sampled_from(range(0, 240, 30)),
    st.integers(-40, 60),
    st.sampled_from((0, 10, 20)),
    st.integers(3, 25),
)
WALKED_IN = st.builds(Person, comes=st.integers(-30, 240), takes=st.integers(3, 25))
PRIOR = st.builds(
    Person, comes=st.integers(-30, 240), prior=st.just(True), takes=st.integers(3, 25)
)
ANYBODY = st.one_of(BOOKED, WALKED_IN, PRIOR)
PEOPLE = st.lists(ANYBODY, min_size=2, max_size=24)


def by_turn(one: Person) -> tuple[Any, ...]:
    return one.turn, one.slot is None, one.comes


def play(
    people: list[Person], benches: int, order: Callable[[Person], Any] = by_turn
) -> list[Person]:
    """Serve everybody minute by minute as call-next does; return them in the order of their calls."""
    line: list[Person] = []
    called: list[Person] = []
    busy = [0] * benches
    for minute in range(-40, 4000):
        at = NOON + minute * MINUTE
        for one in (one for one in people if one.comes == minute):
            one.arrive()
            line.append(one)
        for one in line:
            if one.snooze_at == minute:
                one.turn = turn_later(one.turn, at, RULES.snooze_minutes * MINUTE)
                one.asleep = at + RULES.snooze_minutes * MINUTE
        for bench in range(benches):
            ready = [one for one in line if not (one.asleep and one.asleep > at)]
            if minute >= 0 and busy[bench] <= minute and ready:
                first = min(ready, key=order)
                line.remove(first)
                for other in line:
                    if first.comes > other.comes and not (other.asleep and other.asleep > at):
                        other.passed_by.append(first)
                called.append(first)
                busy[bench] = minute + first.takes
        if len(called) == len(people):
            return called
    raise AssertionError("somebody was never called")


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.integers(1, 4))
def test_nobody_is_passed_by_more_than_the_bound(people: list[Person], benches: int) -> None:
    """Who came later goes first only with an earlier or equal turn: a slot before it, or a rework
    that came before it. So the bookings up to one's turn and the reworks up to it are the bound.
    """
    for one in play(people, benches):
        booked = [
            who for who in people if who.slot is not None and NOON + who.slot * MINUTE <= one.turn
        ]
        prior = [who for who in people if who.prior and NOON + who.comes * MINUTE <= one.turn]
        assert all(who.turn <= one.turn for who in one.passed_by)
        assert len(one.passed_by) <= len(booked) + len(prior)


def test_with_reworks_before_everybody_the_bound_would_not_hold() -> None:
    mine = Person(comes=0, takes=5)
    reworks = [Person(comes=5 * n, prior=True, takes=10) for n in range(20)]

    play([mine, *reworks], 1, lambda one: (not one.prior, by_turn(one)))

    assert len(mine.passed_by) > sum(NOON + who.comes * MINUTE <= mine.turn for who in reworks)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.integers(1, 4))
def test_nobody_new_goes_first_half_an_hour_after_one_s_turn(
    people: list[Person], benches: int
) -> None:
    for one in play(people, benches):
        latest = max((NOON + who.comes * MINUTE for who in one.passed_by), default=one.turn)
        assert latest <= one.turn + LATEST


@settings(max_examples=40, deadline=None)
@given(st.lists(WALKED_IN, min_size=1, max_size=20), st.lists(PRIOR, max_size=20))
def test_reworks_pass_a_walk_in_only_within_the_first_quarter_of_an_hour(
    walked_in: list[Person], reworks: list[Person]
) -> None:
    for one in play([*walked_in, *reworks], 1):
        since = max(one.comes, 0)
        assert all(who.comes <= since + 15 for who in one.passed_by if not one.prior)


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.integers(1, 3), st.lists(st.integers(0, 200), min_size=2, max_size=40))
def test_whoever_asks_for_a_few_minutes_is_called_all_the_same(
    people: list[Person], benches: int, moments: list[int]
) -> None:
    for one, moment in zip(people, moments, strict=False):
        one.snooze_at = moment

    assert len(play(people, benches)) == len(people)
