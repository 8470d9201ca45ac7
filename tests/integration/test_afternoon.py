"""The afternoon of `make afternoon`, short and in one process: everybody is served, also without Wi-Fi."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.throw_away import Embedded
from tests.bench.afternoon import plan, report
from tests.bench.afternoon.__main__ import main, measured
from tests.bench.afternoon.drive import Day
from tests.bench.afternoon.record import ON_TIME, REWORK, WALK_IN

SEED = 21  # somebody waits, and somebody comes, while the Wi-Fi is gone


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    """Twelve devices and two volunteers, one of whom leaves."""
    with Embedded() as suite:
        yield measured(plan.make(SEED, devices=12, volunteers=2), suite.target, SEED)


def test_a_short_afternoon_serves_everybody_who_came(day: Day) -> None:
    found = report.figures(day.record)

    assert (found.lost, found.starved, found.oversold) == (0, 0, 0), report.lines(found, day.record)
    assert found.bad == [], report.lines(found, day.record)
    assert found.served == found.devices - found.no_shows - found.left > 6
    assert found.devices == 12
    assert day.record.exported == found.served


def test_it_meets_every_kind_of_line_and_minutes_without_wifi(day: Day) -> None:
    found = report.figures(day.record)

    assert all(found.kinds[kind]["people"] for kind in (ON_TIME, WALK_IN, REWORK))
    assert found.told > 6
    assert found.offline_acts > 0
    assert day.centre.gone == {2}


def test_a_conflict_of_the_minutes_without_wifi_is_decided(day: Day) -> None:
    found = report.figures(day.record)

    assert (found.left, found.offline_conflicts, found.offline_undecided) == (1, 1, 0)


def test_a_file_that_is_no_repair_data_is_refused_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "devices.csv"
    file.write_text("brand,problem\nx,y\n", encoding="utf-8")

    assert main(["--out", str(tmp_path / "out.json"), "--file", str(file)]) == 2
    assert not (tmp_path / "out.json").exists()


def test_the_figures_are_written_as_json(day: Day) -> None:
    written = json.loads(json.dumps(report.as_json(report.figures(day.record))))

    assert {"devices", "served", "lost", "starved", "oversold", "range_hold"} <= set(written)
    assert {"range_width_vs_naive", "wait_p50_min", "wait_p90_min"} <= set(written)
