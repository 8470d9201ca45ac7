"""Arithmetic of ranges, limits and days: what holds for any hours that a volunteer may say."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.errors import RestTooShort, TooLongInARow, WeekFull
from services.roster.models import ExceptionDay, Lesson, Skill, Term, WeeklyFree
from services.roster.models.intervals import covers, merged, without
from services.roster.models.limits import PAUSE, broken_limit, minutes, stretches
from services.roster.models.profile import Limits
from services.roster.models.week import Week, instants, local_days

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), "Asia/Shanghai"
MINUTES = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (min(p), max(p)))
RANGES = st.lists(MINUTES, max_size=8)
START = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def points(ranges: list[tuple[int, int]]) -> set[int]:
    """The whole minutes in some half-open ranges: the slow and obvious way."""
    return {at for start, end in ranges for at in range(start, end)}


@given(RANGES)
def test_merging_keeps_every_moment_and_leaves_no_seam(ranges: list[tuple[int, int]]) -> None:
    found = merged(ranges)

    assert points(found) == points(ranges)
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found))


@given(RANGES, RANGES)
def test_cutting_out_is_the_difference(
    ranges: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    assert points(without(ranges, taken)) == points(ranges) - points(taken)


@given(RANGES, MINUTES)
def test_covering_means_that_no_moment_is_missing(
    ranges: list[tuple[int, int]], wanted: tuple[int, int]
) -> None:
    assert covers(ranges, wanted) == (points([wanted]) <= points(ranges))


def at(quarter: int, long: int) -> tuple[datetime, datetime]:
    begin = START + timedelta(minutes=15 * quarter)
    return begin, begin + timedelta(minutes=15 * long)


SHIFTS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 20)).map(lambda p: at(*p)), max_size=10
)


@given(SHIFTS, st.integers(1, 5), st.integers(0, 600), st.integers(30, 720))
def test_taking_only_what_no_limit_forbids_never_goes_beyond_one(
    wanted: list[tuple[datetime, datetime]], week: int, rest: int, row: int
) -> None:
    limits = Limits(week, rest, row)
    taken: list[tuple[datetime, datetime]] = []
    for one in wanted:
        free = all(one[1] <= other[0] or other[1] <= one[0] for other in taken)
        if free and broken_limit(limits, taken, one, SHANGHAI) is None:
            taken.append(one)

    weeks = [(s + timedelta(hours=8)).isocalendar()[:2] for s, _ in taken]
    assert all(weeks.count(one) <= week for one in weeks)
    joined = stretches(taken)
    assert all(minutes(one) <= row for one in joined)
    gaps = [other[0] - one[1] for one, other in itertools.pairwise(joined)]
    assert all(gap >= timedelta(minutes=rest) for gap in gaps)
    assert all(gap >= PAUSE for gap in gaps)


@pytest.mark.parametrize(
    ("limits", "wanted", "why"),
    [
        (Limits(week_shifts=1), at(40, 4), WeekFull),
        (Limits(row_minutes=119), at(4, 4), TooLongInARow),
        (Limits(rest_minutes=31), at(6, 4), RestTooShort),
    ],
)
def test_the_limit_named_is_the_one_that_binds(
    limits: Limits, wanted: tuple[datetime, datetime], why: type[Exception]
) -> None:
    taken = [at(0, 4)]

    assert isinstance(broken_limit(limits, taken, wanted, SHANGHAI), why)
    assert broken_limit(Limits(), taken, wanted, SHANGHAI) is None
    assert broken_limit(limits, [], wanted, SHANGHAI) is (None)


def test_the_week_begins_on_monday_where_the_shift_is() -> None:
    sunday_evening = (
        datetime(2026, 12, 6, 15, 0, tzinfo=UTC),
        datetime(2026, 12, 6, 15, 30, tzinfo=UTC),
    )
    monday_there = (
        datetime(2026, 12, 6, 17, 0, tzinfo=UTC),
        datetime(2026, 12, 6, 18, 0, tzinfo=UTC),
    )
    limits = Limits(week_shifts=1)

    assert broken_limit(limits, [sunday_evening], monday_there, SHANGHAI) is None
    assert isinstance(broken_limit(limits, [sunday_evening], monday_there, "UTC"), WeekFull)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 1440), st.integers(1, 3000))
def test_days_cut_a_range_without_gap_or_overlap_across_changes_of_clocks(
    on: date, minute: int, long: int
) -> None:
    begin = instants(on, (minute, 1440), BERLIN)[0]
    end = begin + timedelta(minutes=long)

    parts = [part for _, part in local_days(begin, end, BERLIN)]

    assert (parts[0][0], parts[-1][1]) == (begin, end)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(parts))
    for day, (start, _) in local_days(begin, end, BERLIN):
        assert start.astimezone(BERLIN).date() == day


def weekly(weekday: int, start: int, end: int) -> WeeklyFree:
    return WeeklyFree(person_id="p", weekday=weekday, from_minute=start, to_minute=end)


@pytest.mark.parametrize(
    ("day", "utc", "fits"),
    [
        (date(2026, 3, 29), (6, 8), True),  # summer time: 8 to 10 o'clock is 06:00 to 08:00 UTC
        (date(2026, 3, 22), (6, 8), False),  # winter time: the same hour is 7 o'clock
        (date(2026, 3, 22), (7, 9), True),
        (date(2026, 10, 25), (7, 9), True),
    ],
)
def test_weekly_hours_are_wall_clock_hours_at_the_venue(
    day: date, utc: tuple[int, int], fits: bool
) -> None:
    week = Week(weekly=[weekly(7, 480, 600)])
    starts, ends = (datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for hour in utc)

    assert (week.advice(starts, ends, "Europe/Berlin") is None) is fits


def test_an_hour_that_the_clocks_skip_is_empty_and_one_they_repeat_is_there_twice() -> None:
    skipped = instants(date(2026, 3, 29), (120, 180), BERLIN)
    repeated = instants(date(2026, 10, 25), (120, 180), BERLIN)

    assert skipped[0] == skipped[1]
    assert repeated[1] - repeated[0] == timedelta(hours=2)


def test_a_shift_past_midnight_asks_both_days() -> None:
    starts = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)  # Wednesday 23:00 in Shanghai
    ends = starts + timedelta(hours=2)
    both = Week(weekly=[weekly(3, 1320, 1440), weekly(4, 0, 120)])

    assert both.advice(starts, ends, SHANGHAI) is None
    assert Week(weekly=[weekly(3, 1320, 1440)]).advice(starts, ends, SHANGHAI) == "not_free"


TERM = Term(
    id="t", version=1, name={}, starts_on=date(2026, 8, 31), weeks=20, exam_weeks=[20],
    holidays=[{"from": "2026-10-01", "to": "2026-10-07", "name": {"zh": "国庆", "en": "National Day"}}],
    moved_days=[{"date": "2026-10-10", "follows": 3, "name": {"zh": "调休", "en": "Moved"}}],
    state="active",
)  # fmt: skip


@given(
    st.dates(date(2026, 8, 1), date(2027, 2, 28)),
    st.lists(st.tuples(st.integers(1, 7), MINUTES), max_size=6),
    st.lists(st.tuples(st.sampled_from(["off", "also"]), MINUTES), max_size=3),
)
def test_nobody_is_free_in_a_lesson_or_when_they_said_no(
    on: date,
    hours: list[tuple[int, tuple[int, int]]],
    said: list[tuple[str, tuple[int, int]]],
) -> None:
    lesson = Lesson(
        id="l", person_id="p", title="", from_minute=10, to_minute=30, term_id="t", weekday=3,
        weeks=list(range(1, 20)),
    )  # fmt: skip
    exceptions = [
        ExceptionDay(id=str(n), person_id="p", on_date=on, kind=kind, from_minute=a, to_minute=b)
        for n, (kind, (a, b)) in enumerate(said)
    ]
    week = Week(
        weekly=[weekly(day, a, b) for day, (a, b) in hours],
        lessons=[lesson],
        exceptions=exceptions,
        terms=[TERM],
    )

    day = week.day(on)

    also = points([span for kind, span in said if kind == "also"])
    assert not points(day.free) & points(day.off)
    for held in day.lessons:
        assert not points(day.free) & points([held.span]) - also
    if day.kind in ("holiday", "exam"):
        assert points(day.free) <= also
    if on == date(2026, 10, 10):
        assert (day.weekday, [one.id for one in day.lessons]) == (3, ["l"])


@pytest.mark.parametrize(
    ("granted", "months", "until"),
    [
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 1, 15), 24, (2028, 1, 15)),
        ((2027, 12, 31), 2, (2028, 2, 29)),
    ],
)
def test_a_grant_ends_on_the_same_day_of_a_later_month_or_its_last(
    granted: tuple[int, int, int], months: int, until: tuple[int, int, int]
) -> None:
    skill = Skill(code="s", title={}, valid_months=months)

    assert skill.holds_until(datetime(*granted, tzinfo=UTC)) == datetime(*until, tzinfo=UTC)
