"""The figures of an afternoon: waits by kind, how well the ranges held, what was lost (nothing)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles

from services.booking.queries.wait_scores import Told, mean_width, naive_width, share_inside
from tests.bench.afternoon.drive import Day, Wait

STARVED_MINUTES = 120.0


@dataclass(frozen=True)
class Figures:
    """What `make afternoon` writes to OUT; minutes, shares of 1, counts."""

    devices: int
    served: int
    no_shows: int
    displaced: int
    lost: int
    starved: int
    oversold: int
    unknown_ranges: int
    range_hold: float
    range_width_vs_naive: float
    range_width_min: float
    wait_p50_min: float
    wait_p90_min: float
    booked_p50_min: float
    booked_p90_min: float
    walk_in_p50_min: float
    walk_in_p90_min: float
    most_passed_by: int


def figures(day: Day, exported: int, oversold: int) -> Figures:
    """Sum the afternoon up. `exported` counts the outcomes in the Open Repair Data export."""
    waits = list(day.waits.values())
    clients = day.afternoon.clients
    no_shows = sum(one.comes_at is None for one in clients)
    came = len(clients) - no_shows
    told = [
        Told(*one.told, one.minutes)
        for one in waits
        if one.told is not None and one.minutes is not None
    ]
    width = mean_width(told)
    everybody, booked, walked = (
        _minutes(waits, kind) for kind in (("booked", "walk_in"), ("booked",), ("walk_in",))
    )
    return Figures(
        devices=len(clients),
        served=len(day.outcomes),
        no_shows=no_shows,
        displaced=day.displaced,
        lost=came - min(len(day.outcomes), exported),
        starved=sum(one.minutes is None or one.minutes > STARVED_MINUTES for one in waits),
        oversold=oversold,
        unknown_ranges=sum(one.told is None for one in waits),
        range_hold=round(share_inside(told), 3),
        range_width_vs_naive=round(width / naive_width(told), 3),
        range_width_min=round(width, 1),
        wait_p50_min=_cut(everybody, 50),
        wait_p90_min=_cut(everybody, 90),
        booked_p50_min=_cut(booked, 50),
        booked_p90_min=_cut(booked, 90),
        walk_in_p50_min=_cut(walked, 50),
        walk_in_p90_min=_cut(walked, 90),
        most_passed_by=max(one.passed_by for one in waits),
    )


def lines(found: Figures) -> list[str]:
    """Return the report as it is printed."""
    return [f"{name.replace('_', ' '):<24}{value:>10}" for name, value in asdict(found).items()]


def _minutes(waits: Sequence[Wait], kinds: Sequence[str]) -> list[float]:
    return [one.minutes for one in waits if one.client.kind in kinds and one.minutes is not None]


def _cut(minutes: Sequence[float], percent: int) -> float:
    return round(quantiles(minutes, n=100)[percent - 1], 1) if len(minutes) > 1 else 0.0
