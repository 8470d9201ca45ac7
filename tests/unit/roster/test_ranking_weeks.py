"""When a week's ranking is due: on Monday morning, whatever the zone, the year, or how long nobody worked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.models.period import ZONE
from services.roster.models.ranking import (
    CATCH_UP_WEEKS,
    WEEK,
    due_at,
    last_day,
    newest_due,
    weeks_due,
)

MONDAY = date(2026, 11, 30)


def local(day: date, hour: int, minute: int = 0, zone: ZoneInfo = ZONE) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "newest"),
    [
        (date(2026, 12, 6), 23, 59, MONDAY - WEEK),  # Sunday, a minute before midnight
        (date(2026, 12, 7), 0, 0, MONDAY - WEEK),
        (date(2026, 12, 7), 7, 59, MONDAY - WEEK),
        (date(2026, 12, 7), 8, 0, MONDAY),
        (date(2026, 12, 9), 15, 0, MONDAY),  # Wednesday
        (date(2027, 1, 4), 8, 0, date(2026, 12, 28)),  # the week in which the year ends
        (date(2027, 1, 1), 12, 0, date(2026, 12, 21)),
    ],
)
def test_a_week_is_due_on_monday_at_eight(day: date, hour: int, minute: int, newest: date) -> None:
    assert newest_due(local(day, hour, minute)) == newest


def test_what_was_missed_is_made_up_for_from_the_oldest_on() -> None:
    wednesday = local(date(2026, 12, 9), 15)

    assert weeks_due(None, wednesday) == [MONDAY]
    assert weeks_due(MONDAY, wednesday) == []
    assert weeks_due(MONDAY - 2 * WEEK, wednesday) == [MONDAY - WEEK, MONDAY]
    assert len(weeks_due(MONDAY - 9 * WEEK, wednesday)) == CATCH_UP_WEEKS
    assert weeks_due(MONDAY + WEEK, wednesday) == []  # a clock that was set back


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_it_is_eight_by_the_clock_on_the_wall_when_clocks_change(zone: str) -> None:
    place = ZoneInfo(zone)
    mondays = [date(2026, 1, 5) + n * WEEK for n in range(52)]

    shown = [due_at(monday, place).astimezone(place) for monday in mondays]

    assert {(one.weekday(), one.hour, one.minute) for one in shown} == {(0, 8, 0)}
    assert len({one.utcoffset() for one in shown}) == 2  # summer and winter are both in it


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia"])
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(MOMENTS, ZONES)
def test_the_newest_week_is_over_and_due_and_the_next_one_is_not(at: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    newest = newest_due(at, place)

    assert newest.isoweekday() == 1
    assert last_day(newest) < at.astimezone(place).date()
    assert due_at(newest, place) <= at < due_at(newest + WEEK, place)


@given(st.lists(MOMENTS, min_size=1, max_size=12), ZONES)
def test_however_often_the_worker_looks_each_week_comes_once_and_in_order(
    looks: list[datetime], zone: str
) -> None:
    published: list[date] = []
    for at in sorted(looks):
        published += weeks_due(published[-1] if published else None, at, ZoneInfo(zone))

    assert published == sorted(set(published))
    assert published[-1] == newest_due(max(looks), ZoneInfo(zone))
    assert all(day.isoweekday() == 1 for day in published)


def test_a_week_ends_on_its_sunday() -> None:
    assert last_day(MONDAY) == date(2026, 12, 6)
    assert due_at(MONDAY) - timedelta(hours=8) == local(date(2026, 12, 7), 0)
