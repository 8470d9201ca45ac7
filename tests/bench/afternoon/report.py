"""The figures of an afternoon: waits by kind, how well the ranges held, what was lost (nothing)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from services.booking.queries.wait_scores import Told, mean_width, naive_width, share_inside
from tests.bench.afternoon.record import KINDS, Record, Wait

STARVED_MINUTES = 120.0
BAD = ("lost", "starved", "oversold", "out_of_turn", "refused", "offline_undecided")
NAMES = {
    "on_time": "booked, on time",
    "late": "booked, late",
    "walk_in": "without a booking",
    "rework": "rework",
    "displaced": "lost their place",
}


@dataclass(frozen=True)
class Figures:
    """What `make afternoon` writes to OUT; minutes, shares of 1, counts.

    lost: came, did not leave, and have no outcome, or one that is not in the Open Repair Data export.
    starved: never called, over two hours in line, or passed by somebody who came more than ten
    minutes after their turn (decision 0007: by then nobody new may go first).
    out_of_turn: calls while somebody with an earlier turn waited; calls without Wi-Fi aside.
    range_hold: the share of waits inside the range that was told at arrival.
    range_width_vs_naive: mean width divided by that of "middle ± p %", with the p that holds as
    often on these very waits, told in whole minutes as well.
    untold: who arrived at a desk without Wi-Fi, where nobody could be told a range.
    """

    devices: int
    served: int
    lost: int
    starved: int
    oversold: int
    range_hold: float
    range_width_vs_naive: float
    wait_p50_min: float
    wait_p90_min: float
    no_shows: int
    left: int
    out_of_turn: int
    refused: int
    told: int
    untold: int
    range_below: float
    range_above: float
    range_width_min: float
    naive_width_min: float
    wait_longest_min: float
    most_passed_by: int
    offline_acts: int
    offline_conflicts: int
    offline_undecided: int
    kinds: dict[str, dict[str, float]]
    browser: dict[str, float]

    @property
    def bad(self) -> list[str]:
        """What happened that must not, by name."""
        return [name for name in BAD if getattr(self, name)]


def figures(record: Record) -> Figures:
    """Sum the afternoon up."""
    waits, told, everybody = record.waits, told_of(record.waits), _minutes(record.waits)
    left = sum(one.left for one in waits)
    served = len(record.outcomes)
    to_serve = record.devices - record.no_shows - left
    return Figures(
        devices=record.devices,
        served=served,
        lost=max(0, to_serve - served) + max(0, served - record.exported),
        starved=sum(map(starved, waits)),
        oversold=record.oversold,
        range_hold=round(share_inside(told), 3),
        range_width_vs_naive=round(mean_width(told) / (naive_width(told) or 1.0), 3),
        wait_p50_min=_cut(everybody, 50),
        wait_p90_min=_cut(everybody, 90),
        no_shows=record.no_shows,
        left=left,
        out_of_turn=record.out_of_turn,
        refused=len(record.refused),
        told=len(told),
        untold=sum(one.told is None for one in waits),
        range_below=_share(told, [one.waited < one.low for one in told]),
        range_above=_share(told, [one.waited > one.high for one in told]),
        range_width_min=round(mean_width(told), 1),
        naive_width_min=round(naive_width(told), 1),
        wait_longest_min=round(max(everybody, default=0.0), 1),
        most_passed_by=max((one.passed_by for one in waits), default=0),
        offline_acts=record.offline_acts,
        offline_conflicts=len(record.conflicts),
        offline_undecided=record.undecided,
        kinds={kind: _kind([one for one in waits if one.kind == kind]) for kind in KINDS},
        browser=record.browser,
    )


def told_of(waits: Sequence[Wait]) -> list[Told]:
    """Return the ranges that were told, with the waits that came of them."""
    return [
        Told(*one.told, one.since_told)
        for one in waits
        if one.told is not None and one.since_told is not None
    ]


def starved(one: Wait) -> bool:
    """Whether somebody was forgotten, waited over two hours, or was overtaken against the rule."""
    if one.left:
        return False
    return one.minutes is None or one.minutes > STARVED_MINUTES or one.overtaken > 0


def lines(found: Figures, record: Record) -> list[str]:
    """Return the report as it is printed."""
    rows = [f"{'':<20}{'people':>8}{'p50':>8}{'p90':>8}{'longest':>9}{'in range':>10}"]
    for kind, one in found.kinds.items():
        rows.append(
            f"{NAMES[kind]:<20}{one['people']:>8.0f}{one['p50']:>8.1f}{one['p90']:>8.1f}"
            f"{one['longest']:>9.1f}{one['hold']:>10.0%}"
        )
    for name, value in asdict(found).items():
        if not isinstance(value, dict):
            rows.append(f"{name.replace('_', ' '):<28}{value:>10}")
    rows += [
        f"browser {name.replace('_', ' '):<20}{value:>10}" for name, value in found.browser.items()
    ]
    rows += [f"conflict: {code}" for code in record.conflicts]
    rows += [f"refused: {what}" for what in record.refused]
    rows += [_who(one) for one in record.waits if starved(one)]
    said = f"WRONG: {', '.join(found.bad)}" if found.bad else "nothing lost, nobody starved"
    return [*rows, said]


def _who(one: Wait) -> str:
    waited = f"{one.minutes:.0f} min" if one.minutes is not None else "never called"
    return f"starved: {one.number or one.client.index} ({one.kind}), {waited}, overtaken by {one.overtaken}"


def _kind(waits: Sequence[Wait]) -> dict[str, float]:
    minutes, told = _minutes(waits), told_of(waits)
    return {
        "people": len(waits),
        "p50": _cut(minutes, 50),
        "p90": _cut(minutes, 90),
        "longest": round(max(minutes, default=0.0), 1),
        "hold": round(share_inside(told), 3),
    }


def _share(told: Sequence[Told], which: Sequence[bool]) -> float:
    return round(sum(which) / max(1, len(told)), 3)


def _minutes(waits: Sequence[Wait]) -> list[float]:
    return [one.minutes for one in waits if one.minutes is not None and not one.left]


def _cut(minutes: Sequence[float], percent: int) -> float:
    if len(minutes) < 2:
        return round(max(minutes, default=0.0), 1)
    return round(quantiles(minutes, n=100, method="inclusive")[percent - 1], 1)


def as_json(found: Figures) -> dict[str, Any]:
    """Return what is written to OUT."""
    return asdict(found)
