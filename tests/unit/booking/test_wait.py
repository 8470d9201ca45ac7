"""The waiting range as arithmetic: whatever the numbers, it stays honest."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.booking.models.visit import GRACE, KEEPS_TURN, turn, turn_back
from services.booking.queries.wait import Pace, estimate, pace_of, present

AHEAD = st.floats(0, 300)
PACES = st.builds(Pace, st.floats(1, 180), st.booleans())
DUTY = st.integers(1, 30)
BENCHES = st.integers(1, 30)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@given(AHEAD, PACES, DUTY, BENCHES, st.floats(-600, 600))
def test_a_range_has_a_lower_and_a_higher_end(
    ahead: float, pace: Pace, duty: int, benches: int, opens_in: float
) -> None:
    told = estimate(ahead, pace, duty, benches, opens_in)

    assert told is not None
    assert 0 <= told.low <= told.high


@given(AHEAD, AHEAD, PACES, DUTY, BENCHES)
def test_more_devices_ahead_never_shorten_the_wait(
    one: float, other: float, pace: Pace, duty: int, benches: int
) -> None:
    short = estimate(min(one, other), pace, duty, benches)
    long = estimate(max(one, other), pace, duty, benches)

    assert short is not None
    assert long is not None
    assert short.low <= long.low
    assert short.high <= long.high


@given(AHEAD, PACES, DUTY, BENCHES)
def test_one_more_volunteer_never_lengthens_the_wait(
    ahead: float, pace: Pace, duty: int, benches: int
) -> None:
    few, more = estimate(ahead, pace, duty, benches), estimate(ahead, pace, duty + 1, benches)

    assert few is not None
    assert more is not None
    assert more.low <= few.low
    assert more.high <= few.high


@given(AHEAD, PACES, st.integers(-3, 0), BENCHES)
def test_with_nobody_on_duty_the_wait_is_unknown(
    ahead: float, pace: Pace, duty: int, benches: int
) -> None:
    assert estimate(ahead, pace, duty, benches) is None


@given(st.lists(st.floats(0, 500), max_size=30), st.integers(1, 240))
def test_our_own_pace_counts_from_five_devices_on(durations: list[float], planned: int) -> None:
    pace = pace_of(durations, planned)

    assert pace.measured == (len(durations) >= 5)
    assert pace.minutes >= 1
    if not pace.measured:
        assert pace.minutes == planned


def test_the_reason_says_who_and_how_fast() -> None:
    told = estimate(4, pace_of([8, 9, 10, 9, 9], 30), 2, 3)

    assert told is not None
    assert told.reason == {
        "zh": "2 位志愿者在岗，小家电平均 9 分钟一件",
        "en": "2 volunteers on duty, 9 min per device on average",
    }


def test_present_counts_the_skill_at_the_moment() -> None:
    hour = {"starts_at": "2026-11-25T12:00:00Z", "ends_at": "2026-11-25T13:00:00Z"}
    intervals = [hour | {"skill": "repair", "present": 2}, hour | {"skill": "desk", "present": 1}]

    counted = [present(intervals, skill, NOON) for skill in ("repair", "desk", None)]

    assert counted == [2, 1, 3]
    assert present(intervals, "repair", NOON + timedelta(hours=1)) == 0


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
    back = turn_back(NOON, NOON, NOON + abs(away))

    assert (back == NOON) == (abs(away) <= KEEPS_TURN)
