"""The pressure of a line: it turns when waiting stays above the limit, and neither flares up nor flaps."""

from datetime import UTC, datetime, timedelta

import pytest

from services.booking.models.pressure import Measure, QueuePressure

START = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
HOUR = 60


def line(minutes: int | None, waiting: int = 8, limit: int | None = HOUR) -> Measure:
    return Measure(waiting, None if minutes is None else (minutes - 10, minutes + 10), limit)


def turns(pressure: QueuePressure, seen: list[Measure], every: int = 30) -> list[int]:
    """Measure every so many seconds; return at which seconds it turned."""
    return [
        n * every
        for n, one in enumerate(seen)
        if pressure.turns(one, START + timedelta(seconds=n * every))
    ]


def new(high: bool = False) -> QueuePressure:
    return QueuePressure(session_id="s", version=0, high=high, since=None)


def test_waiting_must_stay_above_the_limit_for_a_minute() -> None:
    assert turns(new(), [line(70)] * 4) == [60]
    assert turns(new(), [line(70), line(50), line(70), line(50), line(70)]) == []


def test_a_line_on_the_limit_does_not_flap() -> None:
    pressure = new()
    around = [line(61), line(61), line(61), *([line(58), line(62)] * 20)]

    assert turns(pressure, around) == [60]
    assert pressure.high


def test_it_eases_when_waiting_stays_well_below_the_limit() -> None:
    assert turns(new(high=True), [line(50)] * 20) == []
    assert turns(new(high=True), [line(40)] * 8) == [180]


def test_nobody_who_waits_presses_nobody() -> None:
    assert turns(new(), [line(90, waiting=0)] * 20) == []
    assert turns(new(high=True), [line(90, waiting=0)] * 8) == [180]


def test_an_unknown_wait_is_given_five_minutes_for_volunteers_to_come() -> None:
    assert turns(new(), [line(None)] * 12) == [300]


@pytest.mark.parametrize("minutes", [90, None])
def test_without_a_limit_nobody_is_asked(minutes: int | None) -> None:
    assert turns(new(), [line(minutes, limit=None)] * 20) == []
