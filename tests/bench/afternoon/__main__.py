"""`python -m tests.bench.afternoon --out FILE.json`: play the afternoon, print the report, write the figures.

Beside FILE.json lies FILE.html: the same figures, and each wait beside the range that was told.
"""

import argparse
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from deploy import repair_data
from deploy.driver import Api
from deploy.repair_data import NotRepairData
from deploy.throw_away import Distributed, Embedded
from shared.http_client import WsgiApp
from tests.bench.afternoon import page, plan, report, windows
from tests.bench.afternoon.drive import Day, played
from tests.bench.afternoon.plan import Afternoon


def main(arguments: list[str] | None = None) -> int:
    """Play it on the distributed suite with a browser; 1 when anything happened that must not."""
    given = _words(arguments)
    try:
        afternoon = plan.make(given.seed, given.file, given.devices, given.volunteers)
    except NotRepairData as problem:
        print(problem, file=sys.stderr)
        return 2
    began = time.monotonic()
    _say(f"starting {'the suite in one process' if given.embedded else 'the distributed suite'} …")
    with Embedded() if given.embedded else Distributed() as suite:
        picture = given.out.with_suffix(".png") if given.browser else None
        day = measured(afternoon, suite.target, given.seed, picture)
    found = report.figures(day.record)
    print("\n".join(report.lines(found, day.record)))
    print(f"played in {time.monotonic() - began:.0f} s")
    html = page.written(day.afternoon, day.record, found, _what(given))
    given.out.with_suffix(".html").write_text(html, encoding="utf-8")
    given.out.write_text(json.dumps(report.as_json(found), indent=2) + "\n", encoding="utf-8")
    return 1 if found.bad else 0


def measured(
    afternoon: Afternoon, target: str | WsgiApp, seed: int, picture: Path | None = None
) -> Day:
    """Play an afternoon on a suite, and count the outcomes in its Open Repair Data export.

    `picture` is where the desk is pictured when its page does not do what it should; None: no browser.
    """
    api = Api(target)
    try:
        with windows.opened(str(target), picture) if picture else nullcontext() as seen:
            day = played(afternoon, api, _say, seed, seen)
        text = day.staff.text("booking", "/exports/open-repair-data", session_id=day.session_id)
        day.record.exported = sum(len(found) for found in repair_data.parsed(text).values())
        return day
    finally:
        api.close()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _what(given: argparse.Namespace) -> str:
    source = given.file.name if given.file else "made-up devices"
    where = "in one process" if given.embedded else "distributed"
    return f"{source} · seed {given.seed} · {where}{', with a browser' if given.browser else ''}"


def _words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make afternoon", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the figures go (JSON)")
    parser.add_argument("--file", type=Path, help="an Open Repair Data CSV as source of devices")
    parser.add_argument("--seed", type=int, default=20261021)
    parser.add_argument("--devices", type=int, default=plan.DEVICES)
    parser.add_argument("--volunteers", type=int, default=plan.VOLUNTEERS)
    parser.add_argument("--api-only", action="store_true", help="without a browser")
    parser.add_argument("--embedded", action="store_true", help="in one process, without a browser")
    given = parser.parse_args(arguments)
    given.browser = not (given.embedded or given.api_only)  # the embedded suite opens no port
    return given


if __name__ == "__main__":
    raise SystemExit(main())
