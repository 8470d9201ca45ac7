"""Rounding by policy, and the names and edges of periods."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.models import HoursPolicy
from services.roster.models.period import Stretch, day_after, local_day, month_of, stretch
from services.roster.models.policy import ROUNDINGS, in_force, rounded

MINUTES = st.integers(0, 1440)
POLICIES = st.builds(
    HoursPolicy,
    rounding=st.sampled_from(ROUNDINGS),
    step_minutes=st.integers(1, 240),
    day_cap_minutes=st.none() | st.integers(60, 1440),
)


def policy(rounding: str, step: int = 30, cap: int | None = None, **more: object) -> HoursPolicy:
    return HoursPolicy(rounding=rounding, step_minutes=step, day_cap_minutes=cap, **more)


@pytest.mark.parametrize(
    ("rounding", "minutes", "shown"),
    [
        ("exact", 115, 115),
        ("down", 119, 90),
        ("down", 120, 120),
        ("nearest", 104, 90),
        ("nearest", 105, 120),
        ("up", 91, 120),
        ("up", 90, 90),
        ("up", 0, 0),
    ],
)
def test_a_day_is_rounded_in_half_hours(rounding: str, minutes: int, shown: int) -> None:
    assert policy(rounding).of_a_day(minutes) == shown


def test_a_day_counts_eight_hours_at_most() -> None:
    assert policy("nearest", cap=480).of_a_day(600) == 480


@given(POLICIES, MINUTES)
def test_a_figure_differs_by_less_than_a_step_or_is_the_cap(one: HoursPolicy, minutes: int) -> None:
    shown, cap = one.of_a_day(minutes), one.day_cap_minutes

    assert shown >= 0
    if shown != cap:
        assert abs(shown - minutes) < one.step_minutes or one.rounding == "exact"
        assert one.rounding == "exact" or shown % one.step_minutes == 0
    assert cap is None or shown <= cap


@given(POLICIES, MINUTES, MINUTES)
def test_who_served_longer_is_never_shown_with_less(one: HoursPolicy, a: int, b: int) -> None:
    assert (one.of_a_day(a) <= one.of_a_day(b)) or a > b


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), MINUTES))
def test_exact_minutes_add_up_to_the_ledger(days: dict[date, int]) -> None:
    exact = policy("exact", 1, valid_from=date(2000, 1, 1), version=1)

    assert rounded([exact], days) == sum(days.values())


def test_each_day_goes_by_the_version_that_held_on_it() -> None:
    first = policy("exact", 1, valid_from=date(2000, 1, 1), version=1)
    later = policy("down", 60, valid_from=date(2027, 1, 1), version=2)
    sooner = policy("down", 30, valid_from=date(2026, 12, 1), version=3)
    versions = [first, later, sooner]

    assert in_force(versions, date(2026, 11, 30)) is first
    assert in_force(versions, date(2026, 12, 1)) is sooner
    assert in_force(versions, date(2027, 1, 1)) is sooner
    assert rounded(versions, {date(2026, 11, 30): 100, date(2026, 12, 1): 100}) == 190


def test_months_and_quarters_have_names_and_edges() -> None:
    assert stretch("2026-12") == Stretch("2026-12", "month", date(2026, 12, 1), date(2027, 1, 1))
    assert stretch("2026-Q4") == Stretch("2026-Q4", "quarter", date(2026, 10, 1), date(2027, 1, 1))
    assert stretch("2026-Q1").months == ("2026-01", "2026-02", "2026-03")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-00", "2026-13", "2026-1", "2026-Q0", "2026-Q5", "2026-Q", "x026-01",
             "2026-Q12", "２０２６-12", "1999-12", "2026-12-01"]
)  # fmt: skip
def test_what_is_no_period_is_none(name: str) -> None:
    assert stretch(name) is None


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_every_day_lies_in_its_month_and_quarter(day: date) -> None:
    month = month_of(day)
    quarter = stretch(month.quarter)

    assert quarter is not None
    assert month.first <= day < month.after
    assert quarter.first <= day < quarter.after
    assert month.name in quarter.months
    assert stretch(month.name) == month


def test_a_day_is_the_centres_and_ends_at_its_midnight() -> None:
    late = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # midnight in Shanghai

    assert local_day(late) == date(2026, 12, 1)
    assert day_after(late, 7) == datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
