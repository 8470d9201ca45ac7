"""`python -m tests.bench.afternoon --out FILE`: play the afternoon, print the report, write the figures."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from deploy import repair_data
from deploy.driver import Account, Api
from deploy.repair_data import NotRepairData
from deploy.throw_away import Distributed, Embedded
from tests.bench.afternoon import plan, report
from tests.bench.afternoon.drive import Day, played


def main(arguments: list[str] | None = None) -> int:
    """Play it on the distributed suite (or embedded); 1 when something was lost, starved or oversold."""
    given = _words(arguments)
    try:
        afternoon = plan.make(given.seed, given.file, given.devices)
    except NotRepairData as problem:
        print(problem, file=sys.stderr)
        return 2
    with Embedded() if given.embedded else Distributed() as suite:
        api = Api(suite.target)
        with tqdm(total=given.devices, unit="device", disable=None) as bar:
            day = played(afternoon, api, bar.update, given.seed)
        found = report.figures(day, _exported(day), _oversold(day.staff, day.session_id))
        api.close()
    print("\n".join(report.lines(found)))
    given.out.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    return 1 if found.lost or found.starved or found.oversold else 0


def _exported(day: Day) -> int:
    text = day.staff.text("booking", "/exports/open-repair-data", session_id=day.session_id)
    return sum(len(outcomes) for outcomes in repair_data.parsed(text).values())


def _oversold(staff: Account, session_id: str) -> int:
    slots = staff.get("booking", f"/sessions/{session_id}/slots")["slots"]
    return sum(max(0, slot["taken"] - slot["physical_capacity"]) for slot in slots)


def _words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make afternoon", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the figures go (JSON)")
    parser.add_argument("--file", type=Path, help="an Open Repair Data CSV as source of devices")
    parser.add_argument("--seed", type=int, default=20261021)
    parser.add_argument("--devices", type=int, default=plan.DEVICES)
    parser.add_argument("--embedded", action="store_true", help="in one process instead")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
