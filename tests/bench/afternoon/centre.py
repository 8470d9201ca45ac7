"""The centre of the simulated afternoon: last week's repairs, one session, its volunteers, everybody who booked."""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from deploy import acts
from deploy.driver import Account, Api, eventually
from shared import clock
from shared.clock import iso
from shared.http_client import Problem
from tests.bench.afternoon.plan import BOOKED, REWORK, SLOT, Afternoon, Client, service_minutes

SKILL = "small_appliance"
LAST_WEEK = timedelta(days=7)


class Centre:
    """Plans the session, fills it, and knows who stands at which bench."""

    def __init__(self, api: Api, afternoon: Afternoon) -> None:
        self.api = api
        self.afternoon = afternoon
        self.volunteers = afternoon.volunteers
        self.staff: Account = api.sign_in("coordinator", "demo")
        self.admin: Account = api.sign_in("admin", "demo")
        self.session_id = ""
        self.appointments: dict[int, str] = {}
        self.sold: Counter[str] = Counter()
        self.repaired: dict[int, str] = {}
        self.assignments: list[str] = []
        self.gone: set[int] = set()

    def set_up(self, chance: random.Random) -> None:
        """Make the people, the offering, the venue, last week and the session, and staff it."""
        self.clients = self._people("client", len(self.afternoon.of(BOOKED)), "student")
        crew = self._people("crew", self.volunteers, "volunteer")
        title = {"title": {"zh": "小家电维修", "en": "Appliances"}}
        self.staff.put("roster", f"/skills/{SKILL}", title)
        for person in crew:
            acts.grant(self.staff, person, [SKILL])
        self._found()
        self._last_week(chance)
        clock.current().set(self.afternoon.opens - timedelta(days=2))
        self.session_id = self._session(self.afternoon.opens, self.afternoon.closes)
        (shift,) = acts.shifts_of(self.staff, self.session_id)
        for person in crew:
            made = acts.put_on_shift(self.staff, shift["id"], person)
            self.assignments.append(made["id"])

    def book(self, chance: random.Random) -> None:
        """Let everybody book the slot they want, in a mixed order."""
        capacity = self.volunteers * self.afternoon.slots
        slots = acts.open_slots(self.staff, self.session_id, capacity)
        who = list(zip(self.afternoon.of(BOOKED), self.clients, strict=True))
        chance.shuffle(who)
        for client, person in who:
            wanted = [slots[client.slot or 0]]
            made = acts.book(self.staff, wanted, [client.device], person_id=person)
            self.appointments[client.index] = str(made["id"])
            self.sold[str(made["slot_id"])] += 1

    def oversold(self) -> int:
        """Count devices beyond the benches of a slot: by what was sold, and by the suite's own books."""
        slots = self.staff.get("booking", f"/sessions/{self.session_id}/slots")["slots"]
        return sum(
            max(0, self.sold[one["id"]] - self.volunteers, one["taken"] - one["physical_capacity"])
            for one in slots
        )

    def brings(self, client: Client) -> dict[str, object]:
        """Return the device that somebody without a booking brings, and which repair it had last week."""
        earlier = self.repaired.get(client.index)
        return {**client.device, **({"rework_of": earlier} if earlier else {})}

    def place_of(self, number: str) -> dict[str, Any]:
        """Return the place of a number of this line."""
        queue = self.staff.get("booking", f"/sessions/{self.session_id}/queue")
        groups = ("waiting", "called", "serving", "absent")
        visits = [one for group in groups for one in queue[group] if one["number"] == number]
        closed = [one["visit_id"] for one in queue["recent"] if one["number"] == number]
        if not visits and not closed:
            raise LookupError(f"number {number!r} is not in this line")
        [id, *_] = [*(one["id"] for one in visits), *closed]
        return dict(self.staff.get("booking", f"/places/{id}"))

    def check_in_volunteers(self) -> None:
        """Everybody who serves is here."""
        for assignment in self.assignments:
            self.staff.post("roster", f"/assignments/{assignment}/check-in", {})

        def all_here() -> bool:
            queue = self.staff.get("booking", f"/sessions/{self.session_id}/queue")
            return bool(queue["on_duty"] == self.volunteers)

        eventually(all_here, "booking knows that every volunteer is here")

    def leave(self, at: str) -> None:
        """The last volunteer checks out early; nobody is called to that bench any more."""
        body = {"occurred_at": at}
        self.staff.post("roster", f"/assignments/{self.assignments[-1]}/check-out", body)
        self.gone.add(self.volunteers)

    def keep_everybody(self) -> None:
        """Keep by hand whose place is at risk: the others will serve them, a little later."""

        def known() -> bool:
            queue = self.staff.get("booking", f"/sessions/{self.session_id}/queue")
            return bool(queue["on_duty"] == self.volunteers - 1)

        eventually(known, "booking knows that a volunteer has gone")
        for risk in self.staff.get("booking", f"/sessions/{self.session_id}/at-risk")["items"]:
            try:
                self.staff.post("booking", f"/slots/{risk['slot_id']}/keep")
            except Problem as problem:
                if problem.code != "not_at_risk":
                    raise

    def _people(self, prefix: str, many: int, role: str) -> list[str]:
        logins = [f"afternoon-{prefix}-{number:03d}" for number in range(many)]
        text = "\n".join(
            ["login,name,roles", *(f"{login},{prefix}{login[-3:]},{role}" for login in logins)]
        )
        self.admin.post("identity", "/people/import", {"csv": text, "dry_run": False})
        found = self.admin.items("identity", "/people", q=f"afternoon-{prefix}-", limit=200)
        by_login: dict[str, Any] = {person["login"]: person["id"] for person in found}
        return [str(by_login[login]) for login in logins]

    def _last_week(self, chance: random.Random) -> None:
        """Repair one after the other, a week before, the devices that come back this afternoon."""
        opens = self.afternoon.opens - LAST_WEEK
        clock.current().set(opens - timedelta(hours=2))
        session = self._session(opens, opens + timedelta(hours=5), benches=1)
        acts.open_slots(self.staff, session, 0)
        clock.current().set(opens)
        for client in self.afternoon.of(REWORK):
            place = acts.walk_in(self.staff, session, "", [client.device])
            [device] = place["devices"]
            acts.call_next(self.staff, session, 1)
            self.staff.post("booking", f"/tickets/{device['id']}/start", {"bench": 1})
            took = timedelta(minutes=service_minutes(client.outcome.category_id, chance))
            clock.current().set(clock.now() + took)
            self.staff.post("booking", f"/tickets/{device['id']}/close", {"status": "Fixed"})
            self.repaired[client.index] = str(device["id"])

    def _found(self) -> None:
        offering = {
            "kind": "repair",
            "title": {"zh": "小家电义务维修", "en": "Free appliance repair"},
            "skill": SKILL,
            "minutes_per_device": 11,
            "devices_per_bench": 1,
            "max_devices": 1,
        }
        venue = {
            "name": {"zh": "实训楼 A 座 203", "en": "A-203"},
            "place": {"zh": "二层", "en": ""},
            "stations": self.volunteers,
            "seats": 0,
        }
        self.offering = str(self.staff.post("catalog", "/offerings", offering)["id"])
        self.venue = str(self.staff.post("catalog", "/venues", venue)["id"])

    def _session(self, opens: datetime, closes: datetime, benches: int | None = None) -> str:
        many = benches or self.volunteers
        role = {"role": {"zh": "维修志愿者", "en": "Repairer"}, "skill": SKILL}
        return acts.plan_session(
            self.staff,
            self.offering,
            self.venue,
            opens,
            closes,
            slot_minutes=round(SLOT.total_seconds() / 60),
            benches=many,
            booking_opens_at=iso(opens - timedelta(days=3)),
            staffing=[{**role, "needed": many, "at_most": many}],
        )
