"""The arithmetic of capacity, by properties."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.booking.models.capacity import accepted_throughout, cut
from shared.clock import iso

START = datetime(2026, 11, 25, 6, tzinfo=UTC)


def minute(count: int) -> datetime:
    return START + timedelta(minutes=count)


def interval(begin: int, end: int, accepted: int, skill: str | None = "repair") -> dict[str, Any]:
    return {
        "starts_at": iso(minute(begin)),
        "ends_at": iso(minute(end)),
        "skill": skill,
        "accepted": accepted,
    }


@given(st.integers(1, 600), st.one_of(st.none(), st.integers(1, 240)))
def test_slots_cover_the_session_without_gap_or_overlap(length: int, step: int | None) -> None:
    slots = cut(START, minute(length), step)

    assert slots[0][0] == START
    assert slots[-1][1] == minute(length)
    assert all(a[1] == b[0] for a, b in pairwise(slots))
    assert all(begin < end for begin, end in slots)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50), st.integers(0, 5)), max_size=6),
    st.integers(0, 50),
    st.integers(1, 50),
)
def test_the_count_is_that_of_the_worst_minute(
    parts: list[tuple[int, int, int]], begin: int, length: int
) -> None:
    intervals = [interval(at, at + size, n) for at, size, n in parts]

    counted = accepted_throughout(intervals, "repair", (minute(begin), minute(begin + length)))

    minutes = range(begin, begin + length)
    assert counted == min(sum(n for at, size, n in parts if at <= m < at + size) for m in minutes)


def test_other_skills_do_not_count_unless_none_is_asked_for() -> None:
    intervals = [interval(0, 60, 1), interval(0, 60, 2, "reception"), interval(0, 60, 1, None)]
    slot = (minute(0), minute(60))

    assert accepted_throughout(intervals, "repair", slot) == 1
    assert accepted_throughout(intervals, None, slot) == 4


def test_half_open_intervals_meet_without_a_gap() -> None:
    intervals = [interval(0, 30, 1), interval(30, 60, 2)]

    assert accepted_throughout(intervals, "repair", (minute(0), minute(60))) == 1


def test_a_buffer_ends_every_slot_but_the_last_early_and_moves_no_start() -> None:
    plain, buffered = cut(START, minute(90), 30), cut(START, minute(90), 30, 10)

    assert [begin for begin, _ in buffered] == [begin for begin, _ in plain]
    assert [end for _, end in buffered] == [minute(20), minute(50), minute(90)]
    assert cut(START, minute(20), 10, 60)[0] == (START, minute(5)), "five minutes always stay"
