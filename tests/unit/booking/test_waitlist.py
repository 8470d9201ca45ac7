"""How long an offer of the waitlist holds: shorter near the start, standing still at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.booking.models.waitlist import WaitlistEntry, claim_until, of_use

ZONE = "Asia/Shanghai"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def test_an_offer_lasts_a_quarter_of_the_time_that_is_left() -> None:
    assert claim_until(at(25, 10), at(25, 18), ZONE) == at(25, 12)


def test_near_the_start_it_lasts_ten_minutes() -> None:
    assert claim_until(at(25, 13, 30), at(25, 14), ZONE) == at(25, 13, 40)


def test_never_beyond_ten_minutes_before_the_start() -> None:
    assert claim_until(at(25, 13, 45), at(25, 14), ZONE) == at(25, 13, 50)


def test_it_lasts_at_most_twelve_waking_hours() -> None:
    assert claim_until(at(20, 8), at(28, 14), ZONE) == at(20, 20)


def test_at_night_the_time_stands_still() -> None:
    assert claim_until(at(24, 21), at(26, 17), ZONE) == at(25, 18)  # 11 h: one today, ten tomorrow
    assert claim_until(at(24, 23), at(25, 11), ZONE) == at(25, 11) - 10 * MINUTE
    assert claim_until(at(25, 3), at(25, 15), ZONE) == at(25, 11)  # three hours from eight on


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: at(1, 0) + minutes * MINUTE),
    st.integers(20, 20_000),
    st.sampled_from([ZONE, "Europe/Berlin", "America/New_York"]),
)
def test_an_offer_ends_after_it_began_and_before_the_start(
    moment: datetime, minutes: int, zone: str
) -> None:
    starts = moment + minutes * MINUTE

    until = claim_until(moment, starts, zone)

    assert moment < until <= starts - 10 * MINUTE


def test_what_nobody_could_make_is_of_no_use() -> None:
    assert of_use(at(25, 13, 40), at(25, 14))
    assert not of_use(at(25, 13, 41), at(25, 14))


def test_a_slot_is_wanted_unless_it_was_passed_or_others_were_named() -> None:
    anything = WaitlistEntry(wishes=[], passed=["b"])
    one = WaitlistEntry(wishes=["a", "b"], passed=["b"])

    assert [anything.wants(slot) for slot in "abc"] == [True, False, True]
    assert [one.wants(slot) for slot in "abc"] == [True, False, False]
