"""Demo data: a term at a real centre, lived through the public API on a simulated clock.

``seed_once`` fills an empty suite with the weeks behind us; ``keep_fresh`` runs at every start and
makes sure that one session is open now and that two weeks lie ahead, whatever the hour.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from deploy import demo_hours, demo_quiz, demo_volunteers
from deploy.centre import Centre
from deploy.demo_days import ZONE, at_hour, set_time, today, weekday_of
from deploy.demo_past import WEEKS_BEHIND, Past
from deploy.driver import Api
from deploy.embedded import Suite, prepare
from shared import clock, telemetry
from shared.http_client import WsgiApp

DONE = "demo.seeded"
CLOCK_FILE = "demo.clock.json"


def seed_once(env: Mapping[str, str]) -> None:
    """Fill the suite of ``env`` with the demo's past, in a process of its own, unless it is there."""
    data = Path(env["DATA_DIR"])
    if (data / DONE).exists():
        return
    print("准备演示数据，大约半分钟…  Preparing the demo's term, about half a minute…", flush=True)
    simulated = {"CLOCK": clock.SIMULATED, "CLOCK_FILE": str(data / CLOCK_FILE)}
    command = [sys.executable, "-m", "deploy.demo"]
    subprocess.run(command, env={**os.environ, **env, **simulated}, check=True)
    (data / CLOCK_FILE).unlink(missing_ok=True)
    (data / DONE).touch()


def keep_fresh(target: WsgiApp | str) -> None:
    """Make sure that one session is open now and two weeks lie ahead."""
    centre = Centre(Api(target))
    centre.find()
    centre.plan_ahead(today())
    centre.open_now()
    demo_volunteers.propose_roster(centre)


def main() -> int:
    """Live through the demo's past in this process (its clock must be simulated)."""
    telemetry.set_up_logging("WARNING")
    env = dict(os.environ)
    real_now = datetime.now(ZONE)
    prepare(env)
    clock.current().set(
        at_hour(weekday_of(real_now.date() - timedelta(weeks=WEEKS_BEHIND + 1), 0), 8)
    )
    suite = Suite(env)
    suite.people()
    suite.start()
    try:
        centre = Centre(Api(suite.wsgi))
        centre.found()
        demo_volunteers.begin(centre)
        demo_quiz.begin(centre)
        demo_hours.begin(centre)
        ask = partial(suite.parts["booking"].worker.run_now, "feedback")
        roster = suite.parts["roster"].worker

        def tend_roster() -> None:
            for timer in ("close-forgotten", "ranking"):
                roster.run_now(timer)

        Past(centre, ask, tend_roster).live_through(real_now.date())
        set_time(real_now)
        demo_volunteers.fill(centre)
        demo_hours.fill(centre)
        tend_roster()
        suite.settle()
    finally:
        suite.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
