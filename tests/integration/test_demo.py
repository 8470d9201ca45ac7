"""The demo starts at any hour, however long it stood: one session is open, with people in its line."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deploy import demo
from deploy.centre import OPEN_HOURS, Centre
from deploy.driver import Api
from deploy.throw_away import Embedded
from shared import clock
from shared.clock import iso

MORNING = datetime(2026, 10, 21, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
STARTS = 4  # on one day, each when the session that was opened at the one before is over


def test_the_demo_starts_again_while_people_still_stand_in_the_line_of_before() -> None:
    lines = []
    with Embedded() as suite:
        clock.current().set(MORNING)
        Centre(Api(suite.target)).found()
        for number in range(STARTS):
            clock.current().set(MORNING + timedelta(hours=number * (OPEN_HOURS + 1)))
            demo.keep_fresh(suite.target)
            lines.append(line_of_now(suite.target))

    assert len({session for session, _ in lines}) == STARTS
    assert all(waiting > 1 for _, waiting in lines), lines


def line_of_now(target: object) -> tuple[str, int]:
    """The repair session that is open now, and how many wait in it."""
    staff = Api(target).sign_in("coordinator", "demo")  # type: ignore[arg-type]  # a suite's own
    at = iso(clock.now())
    [session] = staff.items("catalog", "/sessions", **{"from": at, "to": at, "kind": "repair"})
    queue = staff.get("booking", f"/sessions/{session['id']}/queue")
    return str(session["id"]), len(queue["waiting"])
