"""The waiting range: whatever the line, it stays honest, repeatable and in order."""

from datetime import UTC, datetime, timedelta
from math import inf
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.queries import wait
from services.booking.queries.outlook import changed_crews
from services.booking.queries.service_times import ServiceTimes, learned
from services.booking.queries.wait_model import (
    NOBODY,
    AtBench,
    Expected,
    InLine,
    Scene,
    outlook,
    played,
    ranges,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TIMES = learned([], [], 12.0)
CREW = st.integers(1, 8)
PEOPLE = st.integers(0, 12)
KETTLE = (14,)


def line(many: int, *, crew: int = 2, **more: object) -> Scene:
    waiting = tuple(InLine(f"v{index}", float(index - many), KETTLE) for index in range(many))
    return Scene(crews=((0.0, crew),), waiting=waiting, **more)  # type: ignore[arg-type]


@given(PEOPLE, CREW, st.integers(0, 8))
@settings(max_examples=30, deadline=None)
def test_a_range_has_a_lower_and_a_higher_end_for_everybody(
    many: int, crew: int, busy: int
) -> None:
    at_bench = tuple(AtBench(float(minute), KETTLE) for minute in range(busy))

    found = ranges(line(many, crew=crew, at_bench=at_bench), TIMES)

    assert set(found) == {NOBODY, *(f"v{index}" for index in range(many))}
    assert all(0 <= low <= high for low, high in found.values())


@given(st.integers(1, 12), CREW, st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_who_joins_behind_changes_nobodys_range(many: int, crew: int, more: int) -> None:
    before = line(many, crew=crew)
    behind = tuple(InLine(f"late{index}", 100.0 + index, KETTLE) for index in range(more))
    after = Scene(crews=before.crews, waiting=(*before.waiting, *behind))

    now, then = ranges(before, TIMES), ranges(after, TIMES)

    assert all(now[one.id] == then[one.id] for one in before.waiting)


@given(st.integers(2, 12), CREW)
@settings(max_examples=30, deadline=None)
def test_nobody_is_called_before_those_ahead(many: int, crew: int) -> None:
    found = played(line(many, crew=crew), TIMES, runs=20)

    for ahead in range(many - 1):
        pairs = zip(found[f"v{ahead}"], found[f"v{ahead + 1}"], strict=True)
        assert all(first <= second for first, second in pairs)


@given(st.integers(1, 12), st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_one_more_volunteer_shortens_the_mean_wait(many: int, crew: int) -> None:
    few, more = (fmean(played(line(many, crew=size), TIMES)[NOBODY]) for size in (crew, crew + 1))

    assert more <= few + 0.5


def test_one_bench_and_constant_times_wait_exactly_their_turn() -> None:
    times = ServiceTimes((), 10.0, (1.0,), 0.0, 0.0, 100)

    found = ranges(line(4, crew=1), times)

    assert [found[f"v{index}"] for index in range(4)] == [(0, 0), (10, 10), (20, 20), (30, 30)]


def test_a_device_on_the_bench_counts_with_what_is_left_of_it() -> None:
    times = ServiceTimes((), 10.0, (1.0,), 0.0, 0.0, 100)

    found = ranges(line(1, crew=1, at_bench=(AtBench(7.0, KETTLE),)), times)

    assert found["v0"] == pytest.approx((3, 3))


def test_before_the_doors_open_the_wait_begins_at_the_opening() -> None:
    times = ServiceTimes((), 10.0, (1.0,), 0.0, 0.0, 100)

    found = ranges(line(2, crew=1, opens_in=20.0), times)

    assert [found["v0"], found["v1"]] == [(20, 20), (30, 30)]


def test_a_volunteer_who_comes_later_serves_from_then_on() -> None:
    times = ServiceTimes((), 60.0, (1.0,), 0.0, 0.0, 100)
    waiting = tuple(InLine(f"v{index}", float(index), KETTLE) for index in range(3))

    found = ranges(Scene(crews=((0.0, 1), (15.0, 2)), waiting=waiting), times)

    assert [found[f"v{index}"][0] for index in range(3)] == [0, 15, 60]


def test_a_volunteer_who_goes_ends_with_the_device_on_their_bench() -> None:
    times = ServiceTimes((), 30.0, (1.0,), 0.0, 0.0, 100)
    waiting = tuple(InLine(f"v{index}", float(index), KETTLE) for index in range(5))

    found = ranges(Scene(crews=((0.0, 2), (20.0, 1)), waiting=waiting), times)

    assert [found[f"v{index}"][0] for index in range(5)] == [0, 0, 30, 60, 90]


@given(PEOPLE, CREW, st.integers(0, 8), st.floats(0, 0.3))
@settings(max_examples=15, deadline=None)
def test_the_outlook_of_now_is_what_somebody_who_comes_now_is_told(
    many: int, crew: int, busy: int, walk_ins: float
) -> None:
    at_bench = tuple(AtBench(float(minute), KETTLE) for minute in range(busy))
    scene = line(many, crew=crew, at_bench=at_bench, walk_ins=walk_ins, closes_in=60.0)

    (_, (low, _, high)), *_ = outlook(scene, TIMES, 20.0).points

    assert (low, high) == ranges(scene, TIMES)[NOBODY]


def test_the_end_and_the_later_waits_follow_from_who_is_here() -> None:
    times = ServiceTimes((), 10.0, (1.0,), 0.0, 0.0, 100)

    found = outlook(line(4, crew=2, closes_in=30.0), times, 10.0)

    assert found.ends == (20, 20, 20)
    assert [middle for _, (_, middle, _) in found.points] == [20, 10, 0, 0]


def test_another_crew_meets_the_very_same_afternoon() -> None:
    scene = line(6, crew=1, walk_ins=0.05, closes_in=60.0)
    more = Scene(**{**vars(scene), "crews": ((0.0, 2),)})

    few, many = played(scene, TIMES), played(more, TIMES)

    for one in scene.waiting:
        assert all(b <= a for a, b in zip(few[one.id], many[one.id], strict=True))


def test_a_line_that_nobody_works_off_never_ends() -> None:
    found = outlook(line(3, crew=0, closes_in=20.0), TIMES, 10.0)

    assert found.ends[0] == inf
    assert all(low == inf for _, (low, _, _) in found.points)


@given(
    st.lists(st.tuples(st.floats(1, 300), st.integers(0, 6)), max_size=4),
    st.integers(0, 6),
    st.tuples(st.floats(-60, 300), st.floats(0.5, 200)),
    st.integers(-5, 5),
)
def test_a_change_of_the_crew_lasts_for_its_while_and_no_longer(
    later: list[tuple[float, int]], now: int, span: tuple[float, float], more: int
) -> None:
    crews = ((0.0, now), *sorted(dict(later).items()))
    begins, ends = span[0], sum(span)

    changed = changed_crews(crews, (begins, ends), more)

    def at(which: wait.Crews, minute: float) -> int:
        return [many for start, many in which if start <= minute][-1]

    for minute in [0.0, *(minute for minute, _ in (*crews, *changed)), begins, ends]:
        if minute >= 0:
            inside = begins <= minute < ends
            assert at(changed, minute) == max(0, at(crews, minute) + (more if inside else 0))


def test_people_who_booked_before_my_turn_and_are_not_here_yet_lengthen_my_range() -> None:
    me = InLine("me", 30.0, KETTLE)
    others = tuple(Expected(5.0, 0.9, KETTLE) for _ in range(6))
    alone = Scene(crews=((0.0, 1),), at_bench=(AtBench(0.0, KETTLE * 3),), waiting=(me,))

    behind = Scene(alone.crews, alone.at_bench, alone.waiting, others)

    assert ranges(behind, TIMES)["me"][1] > ranges(alone, TIMES)["me"][1] + 20


def test_our_own_times_outweigh_the_planned_figure_as_they_grow() -> None:
    few, many = learned([(14, 5.0)] * 3, [], 20.0), learned([(14, 5.0)] * 200, [], 20.0)

    assert 12 < few.minutes(14) < 20
    assert many.minutes(14) == pytest.approx(5.0, abs=0.5)
    assert many.spread < few.spread


def test_forgotten_and_batch_closings_do_not_teach() -> None:
    honest = learned([(14, 10.0)] * 30, [], 10.0)

    odd = learned([(14, 10.0)] * 30 + [(14, 0.1)] * 30 + [(14, 6000.0)], [], 10.0)

    assert odd.minutes(14) == pytest.approx(honest.minutes(14), rel=0.2)


def test_categories_differ_once_there_is_enough_of_them() -> None:
    times = learned([(14, 5.0)] * 60 + [(16, 25.0)] * 60, [], 15.0)

    assert times.minutes(14) < 8
    assert times.minutes(16) > 22
    assert times.minutes(7) == pytest.approx(15, abs=1)  # one that was never seen


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 2000)), max_size=60))
@settings(deadline=None)
def test_whatever_was_seen_draws_are_positive_and_bounded(served: list[tuple[int, float]]) -> None:
    times, chance = learned(served, [], 12.0), Random(1)

    assert fmean(times.ratios) == pytest.approx(1.0)
    assert all(0 < times.drawn(category, chance) < 12 * 6 * 60 for category in range(1, 41))
    assert all(times.left(category, 30.0, chance) >= 0 for category in range(1, 41))


def test_what_is_told_is_never_narrower_and_says_who_and_how_fast() -> None:
    times = learned([(14, 9.0)] * 100, [], 9.0)

    short, long = wait.told((3.4, 7.2), times, 2), wait.told((33.0, 51.0), times, 1)

    assert (short.low, short.high, long.low, long.high) == (3, 8, 30, 55)
    assert short.reason == {
        "zh": "2 位志愿者在岗，平均 9 分钟一件",
        "en": "2 volunteers on duty, 9 min per device on average",
    }
    assert wait.told((0, 0), learned([], [], 30.0), 1).reason["zh"].endswith("按 30 分钟一件估计")


HOUR = {"starts_at": "2026-11-25T12:00:00Z", "ends_at": "2026-11-25T13:00:00Z"}
NEXT = {"starts_at": "2026-11-25T13:00:00Z", "ends_at": "2026-11-25T14:00:00Z"}


def test_on_duty_counts_the_skill_at_the_moment() -> None:
    intervals = [HOUR | {"skill": "repair", "present": 2}, HOUR | {"skill": "desk", "present": 1}]
    ends = NOON + timedelta(hours=1)

    counted = [wait.on_duty(intervals, skill, NOON, ends) for skill in ("repair", "desk", None)]

    assert counted == [2, 1, 3]
    assert wait.on_duty(intervals, "repair", NOON - timedelta(minutes=20), ends) == 2
    assert wait.on_duty(intervals, "repair", ends + timedelta(minutes=20), ends) == 2
    assert wait.on_duty([], "repair", NOON, ends) == 0


def test_crews_follow_who_is_accepted_later_but_not_who_has_not_come() -> None:
    intervals = [
        HOUR | {"skill": "repair", "present": 1, "accepted": 2},
        NEXT | {"skill": "repair", "present": 0, "accepted": 4},
    ]

    assert wait.crews(intervals, "repair", NOON, 1, 3) == ((0.0, 1), (60.0, 3))
    early = NOON - timedelta(minutes=20)
    assert wait.crews(intervals, "repair", early, 1, 3, opens=NOON) == ((0.0, 1), (80.0, 3))
