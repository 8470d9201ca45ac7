"""The main job from registration to outcome, through the public address of a running suite.

`python -m deploy.smoke URL RESET` where RESET is the link that `services.identity.cli create-admin`
printed: no demo people are needed. Prints each step with its time; ends with 0 when all went well.
"""

import sys
import time
from datetime import timedelta
from typing import Any

import httpx

from deploy import acts
from deploy.driver import Account, Api, eventually
from shared import clock
from shared.ids import new_id

PASSWORD = "smoke-Test-2718"  # noqa: S105 - of people who live as long as this run
OFFERING: dict[str, Any] = {
    "kind": "repair",
    "title": {"zh": "小家电义务维修", "en": "Free appliance repair"},
    "summary": {"zh": "带来就修", "en": "Bring it"},
    "skill": "small_appliance",
    "minutes_per_device": 15,
    "max_devices": 2,
}
VENUE: dict[str, Any] = {
    "name": {"zh": "实训楼 203", "en": "Room 203"},
    "place": {"zh": "二层", "en": "Second floor"},
    "stations": 2,
    "seats": 0,
}
DEVICE = {"category_id": 21, "brand": "美的", "problem": "不加热"}


class Smoke:
    """One run against one address."""

    def __init__(self, url: str, reset: str) -> None:
        self.url = url.rstrip("/")
        self.api = Api(self.url)
        self.reset = reset.rsplit("/", 1)[-1]
        self.mark = new_id()[:8]
        self.began = self.last = time.monotonic()

    def say(self, what: str) -> None:
        """Tell that a step is done, and how long it took."""
        now = time.monotonic()
        print(f"  {what:<58}{now - self.last:6.2f} s", flush=True)
        self.last = now

    def run(self) -> None:
        """Do the main job."""
        self._pages()
        staff = self._administrator()
        volunteer, student = self._register("volunteer"), self._register("student")
        self.say("two people registered")
        session = self._plan(staff)
        self.say("session planned and published")
        self._serve_at(staff, volunteer, session)
        slots = acts.open_slots(student, session, 1)
        self.say("shift accepted, capacity opened")
        booked = acts.book(student, [slot for slot in slots if slot["state"] == "free"], [DEVICE])
        self.say("slot booked")
        acts.arrive(staff, session, booked["id"])
        acts.walk_in(staff, session, "王小明", [DEVICE])
        self.say("checked in, and a walk-in beside")
        served = acts.serve_everybody(staff, session, 1, lambda _: {"status": "Fixed"})
        self.say(f"{served} devices called, started, closed")
        self._look_at_what_came_of_it(staff, student, session)

    def _pages(self) -> None:
        for path in ("/", "/sessions", "/sign-in", "/healthz"):
            httpx.get(self.url + path, timeout=30).raise_for_status()
        self.say("pages answer")

    def _administrator(self) -> Account:
        body = {"token": self.reset, "password": PASSWORD}
        self.api.call("identity", "POST", "/password-resets/complete", json=body)
        staff = self.api.sign_in("smoke-admin", PASSWORD)
        self.say("first administrator signed in")
        return staff

    def _register(self, role: str) -> Account:
        login = f"{role}-{self.mark}"
        body = {"login": login, "password": PASSWORD, "name": "测试·人", "consent_version": "1"}
        self.api.call("identity", "POST", "/registrations", json=body, key=new_id())
        return self.api.sign_in(login, PASSWORD)

    def _plan(self, staff: Account) -> str:
        staff.put("roster", f"/skills/{OFFERING['skill']}", {"title": OFFERING["title"]})
        offering = staff.post("catalog", "/offerings", OFFERING)["id"]
        venue = staff.post("catalog", "/venues", VENUE)["id"]
        starts = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=3)
        return acts.plan_session(
            staff,
            offering,
            venue,
            starts,
            starts + timedelta(hours=2),
            slot_minutes=30,
            benches=1,
            booking_opens_at=clock.iso(clock.now() - timedelta(hours=1)),
        )

    def _serve_at(self, staff: Account, volunteer: Account, session: str) -> None:
        person = staff.get("identity", f"/people/{volunteer.id}")
        roles = {"roles": ["student", "volunteer"]}
        staff.put("identity", f"/people/{volunteer.id}/roles", roles, person["version"])
        acts.grant(staff, volunteer.id, [OFFERING["skill"]])
        staff.put("roster", f"/volunteers/{volunteer.id}/newcomer", {"newcomer": False})
        volunteer.renew()
        shift = acts.shifts_of(staff, session)[0]
        volunteer.post("roster", f"/shifts/{shift['id']}/accept", {})

    def _look_at_what_came_of_it(self, staff: Account, student: Account, session: str) -> None:
        exported = staff.text("booking", "/exports/open-repair-data", session_id=session)
        if exported.count("Fixed") != 2:
            raise AssertionError(f"the export holds other outcomes: {exported}")
        self.say("outcomes exported as Open Repair Data")
        eventually(lambda: student.get("notify", "/inbox")["items"] or None, "a confirmation")
        self.say("the student was told")
        print(f"main job: {time.monotonic() - self.began:.1f} s")


def main() -> int:
    """Run it."""
    Smoke(sys.argv[1], sys.argv[2]).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
