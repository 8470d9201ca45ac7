"""Where a range is cut follows how the last ranges held, whatever the model gets wrong."""

from datetime import UTC, datetime, timedelta
from math import inf
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.queries.levels import AIM, INNERMOST, OUTERMOST, STEP, Heard, Levels, adapted
from services.booking.queries.wait_model import cut

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
INSIDE, EARLY, LATE = 7.0, 3.0, 11.0


def heard(at: float, waited: float, *, called: bool = True, levels: Levels | None = None) -> Heard:
    """Somebody heard "5–10 minutes" so many minutes after noon."""
    told_at = NOON + timedelta(minutes=at)
    return Heard(told_at, 5, 10, waited, called, levels or Levels())


def now(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_before_anybody_heard_a_range_it_is_cut_as_at_the_start() -> None:
    assert adapted([], NOON) == Levels()


@pytest.mark.parametrize(
    ("waited", "low", "high"),
    [
        (EARLY, Levels().low - STEP * (1 - AIM), Levels().high - STEP * AIM),
        (INSIDE, Levels().low + STEP * AIM, Levels().high - STEP * AIM),
        (LATE, Levels().low + STEP * AIM, Levels().high + STEP * (1 - AIM)),
    ],
)
def test_only_the_end_that_missed_moves_out(waited: float, low: float, high: float) -> None:
    people = [heard(0, waited), heard(1, INSIDE, called=False)]

    found = adapted(people, now(30))

    assert (found.low, found.high) == pytest.approx((low, high))


def test_a_wait_counts_once_it_is_known_and_no_wait_counts_twice() -> None:
    before = heard(0, INSIDE)  # known at 7: the second heard their range after that
    second = heard(8, EARLY, levels=Levels(0.2, 0.8))  # known at 11

    assert adapted([before, second], now(10)) == Levels(0.2, 0.8)
    assert adapted([before, second], now(11)).low < 0.2


def test_who_waits_beyond_their_range_counts_before_they_are_called() -> None:
    waits_still = [heard(0, 9.9, called=False), heard(0, 10.1, called=False)]

    assert adapted(waits_still[:1], now(9.9)) == Levels()
    assert adapted(waits_still[1:], now(10.1)).high > Levels().high


@given(st.lists(st.sampled_from([EARLY, INSIDE, LATE]), max_size=400))
def test_a_range_never_turns_round_nor_leaves_its_bounds(waits: list[float]) -> None:
    found = Levels()
    for waited in waits:
        found = found.after(early=waited < 5, late=waited > 10)

    assert OUTERMOST <= found.low <= INNERMOST < 1 - INNERMOST <= found.high <= 1 - OUTERMOST


@pytest.mark.parametrize(("truth", "spread"), [(12.0, 2.0), (8.0, 2.0), (10.0, 4.0)])
def test_four_in_five_waits_end_inside_though_the_model_is_wrong(
    truth: float, spread: float
) -> None:
    chance = Random(7)
    model = [chance.gauss(10.0, 2.0) for _ in range(120)]
    waits = [chance.gauss(truth, spread) for _ in range(400)]

    assert share_inside(model, waits, adapts=True) == pytest.approx(0.8, abs=0.05)
    assert share_inside(model, waits, adapts=False) < 0.7


def share_inside(model: list[float], waits: list[float], *, adapts: bool) -> float:
    """Tell everybody a range of the same model, one after the other."""
    levels, inside = Levels(), []
    for waited in waits:
        low, high = cut(model, levels.low), cut(model, levels.high)
        inside.append(low <= waited <= high)
        if adapts:
            levels = levels.after(early=waited < low, late=waited > high)
    return fmean(inside)


def test_a_cut_beyond_the_plays_goes_on_in_their_width_and_never_before_now() -> None:
    minutes = [4.0, 6.0, 8.0]

    assert [cut(minutes, part) for part in (0.0, 0.5, 1.0)] == [4.0, 6.0, 8.0]
    assert cut(minutes, 1.25) == 9.0
    assert cut(minutes, -0.25) == 3.0
    assert cut([0.0, 8.0], -0.25) == 0.0
    assert cut([4.0, inf], 1.25) == inf
    assert cut([inf, inf], -0.25) == inf
