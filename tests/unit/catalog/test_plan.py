"""What a clock on the wall shows: weekly repetition and moves, whatever the zone does."""

# ruff: noqa: DTZ001 - what a clock on the wall shows has no zone on purpose

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.models.plan import Need, Plan, instant_of, wall, weekly_starts

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)
)


def plan(starts: datetime) -> Plan:
    """Return a repair plan of three hours with one shift and a window from the day before."""
    ends = starts + timedelta(hours=3)
    need = Need({"zh": "维修", "en": ""}, "repair", 2, 3, starts, ends, position=0)
    return Plan(
        title={"zh": "义务维修", "en": ""},
        programme_id=None,
        venue_id="v",
        starts_at=starts,
        ends_at=ends,
        slot_minutes=30,
        benches=2,
        seats=0,
        booking_opens_at=starts - timedelta(days=1),
        booking_closes_at=ends,
        staffing=(need,),
    )


@pytest.mark.parametrize(
    ("first", "hours"),
    [
        (datetime(2027, 3, 24, 13, tzinfo=UTC), 7 * 24 - 1),  # an hour is skipped on 28 March
        (datetime(2027, 10, 27, 12, tzinfo=UTC), 7 * 24 + 1),  # an hour comes twice on 31 October
    ],
)
def test_weeks_keep_the_hour_on_the_wall_when_clocks_change(first: datetime, hours: int):
    a, b = weekly_starts(first, BERLIN, 2)

    assert wall(b, BERLIN) - wall(a, BERLIN) == timedelta(weeks=1)
    assert b - a == timedelta(hours=hours)


def test_an_hour_that_is_skipped_counts_from_before_the_gap():
    assert instant_of(datetime(2027, 3, 28, 2, 30), BERLIN) == datetime(
        2027, 3, 28, 1, 30, tzinfo=UTC
    )


def test_of_an_hour_that_comes_twice_the_first_is_meant():
    assert instant_of(datetime(2027, 10, 31, 2, 30), BERLIN) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


@given(INSTANTS, INSTANTS)
def test_in_shanghai_a_moved_plan_keeps_every_distance(first: datetime, then: datetime):
    before, after = plan(first), plan(first).at(then, SHANGHAI)

    assert after == plan(then)
    assert after.at(first, SHANGHAI) == before


@given(INSTANTS, st.integers(1, 20))
def test_weekly_starts_are_weeks_apart_on_every_wall(first: datetime, count: int):
    starts = weekly_starts(first, SHANGHAI, count)

    assert [start - first for start in starts] == [timedelta(weeks=n) for n in range(count)]


def test_a_need_survives_being_stored():
    need = plan(datetime(2027, 3, 5, 6, tzinfo=UTC)).staffing[0]

    assert Need.from_json(need.to_json(), 0) == need
