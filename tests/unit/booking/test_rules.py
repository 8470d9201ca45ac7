"""A policy laid over a session: what binds, by day and hour."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.booking.models.rules import NO_POLICY, Facts, binding, day_of
from services.booking.models.term import EXAM, HOLIDAY, MOVED, TEACHING, Term
from services.booking.models.window import spell
from services.booking.queries.service_times import learned

START = datetime(2026, 11, 25, 6, tzinfo=UTC)  # a Wednesday, 14:00 at the venue
FACTS = Facts(
    offering_id="lamp",
    zone="Asia/Shanghai",
    starts_at=START,
    booking_opens_at=START - timedelta(days=14),
    booking_closes_at=START + timedelta(hours=2),
    max_devices=3,
    cancel_cutoff_minutes=60,
    categories=[14],
)
AUTUMN = Term(
    id="autumn",
    version=1,
    name={"zh": "秋", "en": "Autumn"},
    starts_on=date(2026, 9, 7),
    weeks=20,
    exam_weeks=[19, 20],
    holidays=[{"from": "2026-10-01", "to": "2026-10-07", "name": {"zh": "国庆节", "en": ""}}],
    moved_days=[{"date": "2026-10-10", "follows": 2, "name": {"zh": "调休", "en": ""}}],
    state="active",
)


def bound(**policy: Any) -> dict[str, Any]:
    return binding({**NO_POLICY, **policy}, FACTS, [AUTUMN])


def test_without_a_policy_a_session_binds_as_it_was_announced() -> None:
    found = bound()

    assert found["booking_opens_at"] == FACTS.booking_opens_at
    assert (found["max_devices"], found["cancel_cutoff_minutes"]) == (3, 60)
    assert (found["categories"], found["closed_for"]) == ([14], None)


def test_an_opening_is_a_time_of_day_at_the_venue() -> None:
    found = bound(opens_days=7, opens_at="12:30")

    assert found["booking_opens_at"] == datetime(2026, 11, 18, 4, 30, tzinfo=UTC)


def test_the_latest_of_session_opening_and_horizon_binds() -> None:
    assert bound(opens_days=7, opens_at="12:30", horizon_days=3)["booking_opens_at"] == (
        START - timedelta(days=3)
    )
    assert bound(horizon_days=60)["booking_opens_at"] == FACTS.booking_opens_at


def test_a_booking_counts_in_the_week_of_its_monday_and_in_its_term() -> None:
    found = bound(week_limit=2)

    assert found["week_key"] == "lamp|week|2026-11-23"
    assert found["term_key"] == "lamp|term|autumn"


def test_outside_every_term_nothing_counts_per_term() -> None:
    assert binding(NO_POLICY, FACTS, [])["term_key"] is None


def test_a_blackout_includes_both_its_days_and_falls_back_to_chinese() -> None:
    note = {"zh": "盘点", "en": ""}
    days = [{"from": "2026-11-24", "to": "2026-11-25", "note": note}]

    assert bound(blackouts=days)["closed_for"] == {"zh": "盘点", "en": "盘点"}
    days[0]["to"] = "2026-11-24"
    assert bound(blackouts=days)["closed_for"] is None


def test_the_calendar_knows_holidays_exams_and_moved_days() -> None:
    kinds = {
        date(2026, 9, 6): None,
        date(2026, 9, 7): TEACHING,
        date(2026, 10, 7): HOLIDAY,
        date(2026, 10, 10): MOVED,
        date(2027, 1, 11): EXAM,
        date(2027, 1, 24): EXAM,
        date(2027, 1, 25): None,
    }

    found = {on: day_of([AUTUMN], on) for on in kinds}

    assert {on: day.kind if day else None for on, day in found.items()} == kinds
    moved = found[date(2026, 10, 10)]
    assert moved
    assert (moved.week, moved.follows) == (5, 2)


def test_minutes_are_said_as_people_say_them() -> None:
    assert [spell(n)[0] for n in (45, 60, 90, 1440, 2880)] == [
        "45 分钟", "1 小时", "90 分钟", "1 天", "2 天",
    ]  # fmt: skip
    assert [spell(n)[1] for n in (1, 60, 120)] == ["1 minute", "1 hour", "2 hours"]


def test_waiting_ranges_start_from_the_figures_of_the_policy() -> None:
    times = learned([], [], 20.0, {14: 10.0, 16: 45.0})

    assert (times.minutes(14), times.minutes(16), times.minutes(39)) == (10.0, 45.0, 20.0)


def test_our_pace_with_one_category_tells_of_the_others() -> None:
    times = learned([(14, 15.0)] * 200, [], 20.0, {14: 10.0, 16: 40.0})

    assert 14 < times.minutes(14) <= 15
    assert 56 < times.minutes(16) < 60


def test_our_own_times_outweigh_a_wrong_figure() -> None:
    times = learned([(14, 30.0)] * 200 + [(16, 30.0)] * 200, [], 30.0, {14: 10.0, 16: 30.0})

    assert 28 < times.minutes(14) < 32
