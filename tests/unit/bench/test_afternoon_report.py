"""The report of an afternoon sees what must not happen: made-up records with one thing wrong in each."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.bench.afternoon import page, plan, report
from tests.bench.afternoon.record import LATE, ON_TIME, REWORK, WALK_IN, Record, Wait

MINUTE = timedelta(minutes=1)
PROMISED = {
    "devices", "served", "lost", "starved", "oversold", "range_hold", "range_width_vs_naive",
    "wait_p50_min", "wait_p90_min",
}  # fmt: skip
AFTERNOON = plan.make(seed=1, devices=4, volunteers=1)


def came(
    index: int, minute: float, waited: float | None, kind: str = ON_TIME, **given: Any
) -> Wait:
    """Somebody who came that many minutes after the doors opened, told "5 to 10 minutes"."""
    arrived = AFTERNOON.opens + minute * MINUTE
    called = None if waited is None else arrived + waited * MINUTE
    values = {"recorded": arrived, "told": (5, 10), "called": called, "waiting": called is None}
    return Wait(AFTERNOON.clients[index], kind, arrived, arrived, **{**values, **given})


def good() -> Record:
    """Four came, one of each kind; all were served."""
    waits = [
        came(0, 0, 6.0),
        came(1, 1, 8.0, LATE),
        came(2, 2, 30.0, WALK_IN),
        came(3, 3, 9.0, REWORK),
    ]
    outcomes = {one.client.index: "Fixed" for one in waits}
    return Record(4, 0, waits, outcomes, exported=4)


def test_a_good_afternoon_is_reported_with_every_promised_figure() -> None:
    found = report.figures(good())

    assert found.bad == []
    assert set(report.as_json(found)) >= PROMISED
    assert (found.devices, found.served, found.lost, found.starved) == (4, 4, 0, 0)
    assert found.range_hold == 0.75
    assert found.range_above == 0.25
    assert found.wait_p50_min == 8.5
    assert [one["people"] for one in found.kinds.values()] == [1, 1, 1, 1, 0]


def test_who_came_and_has_no_outcome_is_lost() -> None:
    record = good()
    del record.outcomes[2]

    assert report.figures(record).lost == 1


def test_an_outcome_that_is_not_in_the_export_is_lost() -> None:
    record = good()
    record.exported = 3

    found = report.figures(record)

    assert (found.lost, found.bad) == (1, ["lost"])


def test_somebody_the_desk_never_wrote_down_is_lost() -> None:
    record = good()
    gone = record.waits.pop()
    del record.outcomes[gone.client.index]
    record.exported = 3

    assert report.figures(record).lost == 1


def test_who_stayed_away_or_went_home_is_not_lost() -> None:
    record = good()
    record.no_shows, record.exported = 1, 2
    record.waits[1] = came(1, 1, None, left=True)
    record.waits.pop(2)
    record.outcomes = {0: "Fixed", 3: "Fixed"}

    found = report.figures(record)

    assert (found.lost, found.starved, found.left) == (0, 0, 1)


@pytest.mark.parametrize("waited", [None, 120.5])
def test_who_is_never_called_or_waits_for_two_hours_has_starved(waited: float | None) -> None:
    record = good()
    record.waits[0] = came(0, 0, waited)

    found = report.figures(record)

    assert (found.starved, found.bad) == (1, ["starved"])
    assert any(line.startswith("starved: ") for line in report.lines(found, record))


def test_who_is_passed_by_somebody_new_later_than_the_rule_allows_has_starved() -> None:
    record = Record(4, 0, [came(0, 0, None), came(1, 10.5, None)])
    first, later = record.waits

    record.call(later, later.arrived + MINUTE)
    record.call(first, later.arrived + 2 * MINUTE)

    assert (first.passed_by, first.overtaken) == (1, 1)
    assert report.starved(first)


def test_who_is_passed_by_within_the_rule_has_not() -> None:
    record = Record(4, 0, [came(0, 0, None), came(1, 10, None)])
    first, later = record.waits

    record.call(later, later.arrived + MINUTE)
    record.call(first, later.arrived + 2 * MINUTE)

    assert (first.passed_by, first.overtaken) == (1, 0)


def test_a_call_while_an_earlier_turn_waits_is_out_of_turn_unless_the_line_was_not_seen() -> None:
    record = Record(4, 0, [came(0, 0, None), came(1, 1, None), came(2, 2, None)])

    record.call(record.waits[2], AFTERNOON.opens + 3 * MINUTE, seen=False)
    record.call(record.waits[1], AFTERNOON.opens + 3 * MINUTE)

    assert record.out_of_turn == 1
    assert "out_of_turn" in report.figures(record).bad


@pytest.mark.parametrize(
    ("name", "value"), [("oversold", 1), ("undecided", 1), ("refused", ["13:00 slot_full"])]
)
def test_what_else_must_not_happen_is_seen(name: str, value: object) -> None:
    record = good()
    setattr(record, name, value)

    assert len(report.figures(record).bad) == 1


def test_a_wait_nobody_was_told_is_not_scored_but_counted() -> None:
    record = good()
    record.waits[2] = came(2, 2, 30.0, WALK_IN, recorded=None, told=None)

    found = report.figures(record)

    assert (found.told, found.untold, found.range_hold) == (3, 1, 1.0)
    assert found.wait_longest_min == 30.0


def test_an_empty_afternoon_is_reported_too() -> None:
    found = report.figures(Record(0, 0))

    assert json.loads(json.dumps(report.as_json(found)))["wait_p90_min"] == 0.0
    assert "<svg" in page.written(AFTERNOON, Record(0, 0), found, "nobody <came>")


def test_the_plan_has_the_shares_that_were_asked_for() -> None:
    made = plan.make(seed=7)

    booked, walking = made.of(plan.BOOKED), made.of(plan.WALK_IN)
    assert (len(made.clients), len(walking), made.volunteers) == (150, 30, 6)
    assert 4 <= made.no_shows <= 20
    assert max(one.slot or 0 for one in booked) == made.slots - 1
    assert made.wifi_gone[1] - made.wifi_gone[0] == 5 * MINUTE
    assert plan.make(seed=7) == made
    assert plan.make(seed=8) != made
