"""A roster that was proposed, so that its pages have something to show."""

from datetime import timedelta

from deploy import acts
from deploy.demo_days import today
from deploy.driver import eventually
from shared import clock
from tests.browser.centre import Centre

AHEAD = timedelta(days=21)


def proposed(centre: Centre, helper: str) -> dict[str, str]:
    """Ask for a roster of two weeks in which not every place can be filled."""
    begins = (clock.now() + AHEAD).replace(hour=6, minute=0, second=0, microsecond=0)
    session = centre.repair(begins, crew=0)
    centre.staff.put("roster", f"/volunteers/{helper}/newcomer", {"newcomer": False})
    shift = acts.shifts_of(centre.staff, session)[0]
    first, last = today() + AHEAD - timedelta(days=3), today() + AHEAD + timedelta(days=9)
    days = {"from_on": first.isoformat(), "until_on": last.isoformat()}
    made = centre.staff.post("roster", "/proposals", days | {"seconds": 1})["id"]
    eventually(lambda: is_ready(centre, made), f"proposal {made}", 60)
    return {"proposal": made, "plan_shift": shift["id"]}


def is_ready(centre: Centre, proposal: str) -> bool:
    """Whether the search for a proposal is over."""
    return bool(centre.staff.get("roster", f"/proposals/{proposal}")["state"] == "ready")
