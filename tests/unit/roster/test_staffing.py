"""Property tests of the pure function that counts who is there when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.roster.models.hours import minutes_between
from services.roster.models.staffing import Interval, Need, Service, staffing_intervals

START = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
SKILLS = st.sampled_from([None, "repair", "reception"])
MINUTES = st.integers(0, 40)


def minute(offset: int) -> datetime:
    return START + timedelta(minutes=offset)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[datetime, datetime]:
    first, length = draw(MINUTES), draw(st.integers(1, 20))
    return minute(first), minute(first + length)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    return Need(*draw(ranges()), draw(SKILLS), draw(st.integers(0, 3)))


@st.composite
def services(draw: st.DrawFn) -> Service:
    starts_at, ends_at = draw(ranges())
    came = draw(st.none() | MINUTES)
    left = draw(st.none() | st.integers(0, 30)) if came is not None else None
    return Service(
        starts_at,
        ends_at,
        draw(SKILLS),
        minute(came) if came is not None else None,
        minute(came + left) if came is not None and left is not None else None,
    )


def at(intervals: list[Interval], skill: str | None, instant: datetime) -> tuple[int, int, int]:
    for one in intervals:
        if one.skill == skill and one.starts_at <= instant < one.ends_at:
            return one.accepted, one.present, one.needed
    return 0, 0, 0


def counted(
    needed: list[Need], serving: list[Service], skill: str | None, t: datetime
) -> tuple[int, int, int]:
    """Count minute by minute, without a thought for speed."""
    accepted = present = 0
    for one in (s for s in serving if s.skill == skill):
        out = one.checked_out_at
        if one.starts_at <= t < one.ends_at and (out is None or t < out):
            accepted += 1
            present += one.checked_in_at is not None and one.checked_in_at <= t
    wanted = sum(n.needed for n in needed if n.skill == skill and n.starts_at <= t < n.ends_at)
    return accepted, present, wanted


@given(st.lists(needs(), max_size=6), st.lists(services(), max_size=6))
def test_the_counts_are_those_of_a_count_minute_by_minute(
    needed: list[Need], serving: list[Service]
) -> None:
    intervals = staffing_intervals(needed, serving)

    for skill in (None, "repair", "reception"):
        for offset in range(-1, 75):
            t = minute(offset)
            assert at(intervals, skill, t) == counted(needed, serving, skill, t)


@given(st.lists(needs(), max_size=6), st.lists(services(), max_size=6))
def test_intervals_are_sorted_and_do_not_overlap_within_a_skill(
    needed: list[Need], serving: list[Service]
) -> None:
    intervals = staffing_intervals(needed, serving)

    assert intervals == sorted(intervals, key=lambda one: (one.starts_at, one.skill or ""))
    assert all(one.starts_at < one.ends_at for one in intervals)
    for skill in {one.skill for one in intervals}:
        mine = [one for one in intervals if one.skill == skill]
        for before, after in pairwise(mine):
            assert before.ends_at <= after.starts_at
            same = (before.accepted, before.present, before.needed) == (
                after.accepted,
                after.present,
                after.needed,
            )
            assert not (before.ends_at == after.starts_at and same)


@given(st.lists(needs(), max_size=6), st.lists(services(), max_size=6))
def test_nobody_is_present_who_is_not_accepted(needed: list[Need], serving: list[Service]) -> None:
    for one in staffing_intervals(needed, serving):
        assert 0 <= one.present <= one.accepted


def test_begun_minutes_do_not_count() -> None:
    assert minutes_between(START, START + timedelta(minutes=59, seconds=59)) == 59
    assert minutes_between(START, START) == 0
