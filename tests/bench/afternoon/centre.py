"""The centre of the simulated afternoon: one session, six volunteers, everybody who booked."""

import random
from datetime import timedelta
from typing import Any

from deploy import acts
from deploy.driver import Account, Api, eventually
from shared.clock import iso
from shared.http_client import Problem
from tests.bench.afternoon.plan import CLOSES, OPENS, SLOT_MINUTES, VOLUNTEERS, Afternoon

SKILL = "small_appliance"


class Centre:
    """Plans the session, fills it, and knows who stands at which bench."""

    def __init__(self, api: Api, afternoon: Afternoon) -> None:
        self.api = api
        self.afternoon = afternoon
        self.volunteers = VOLUNTEERS
        self.staff: Account = api.sign_in("coordinator", "demo")
        self.admin: Account = api.sign_in("admin", "demo")
        self.session_id = ""
        self.appointments: dict[int, str] = {}
        self.assignments: list[str] = []
        self.gone: set[int] = set()

    def set_up(self) -> None:
        """Make the people, the offering, the venue and the session, and staff it."""
        booked = [one for one in self.afternoon.clients if one.slot is not None]
        self.clients = self._people("client", len(booked), "student")
        crew = self._people("crew", self.volunteers, "volunteer")
        title = {"title": {"zh": "小家电维修", "en": "Appliances"}}
        self.staff.put("roster", f"/skills/{SKILL}", title)
        for person in crew:
            acts.grant(self.staff, person, [SKILL])
        self.session_id = self._session()
        (shift,) = acts.shifts_of(self.staff, self.session_id)
        for person in crew:
            made = acts.put_on_shift(self.staff, shift["id"], person)
            self.assignments.append(made["id"])

    def book(self, chance: random.Random) -> None:
        """Let everybody book the slot they want, in a mixed order."""
        slots = acts.open_slots(self.staff, self.session_id, self.volunteers * 20)
        booked = [one for one in self.afternoon.clients if one.slot is not None]
        who = list(zip(booked, self.clients, strict=True))
        chance.shuffle(who)
        for client, person in who:
            device = {
                "category_id": client.outcome.category_id,
                "brand": client.outcome.brand,
                "problem": client.outcome.problem,
            }
            wanted = [slots[client.slot or 0]]
            made = acts.book(self.staff, wanted, [device], person_id=person)
            self.appointments[client.index] = str(made["id"])

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

    def _session(self) -> str:
        offering = self.staff.post(
            "catalog",
            "/offerings",
            {
                "kind": "repair",
                "title": {"zh": "小家电义务维修", "en": "Free appliance repair"},
                "skill": SKILL,
                "minutes_per_device": 11,
                "devices_per_bench": 1,
                "max_devices": 1,
            },
        )
        place = {
            "name": {"zh": "实训楼 A 座 203", "en": "A-203"},
            "place": {"zh": "二层", "en": ""},
        }
        venue = self.staff.post(
            "catalog", "/venues", {**place, "stations": self.volunteers, "seats": 0}
        )
        role = {"role": {"zh": "维修志愿者", "en": "Repairer"}, "skill": SKILL}
        return acts.plan_session(
            self.staff,
            offering["id"],
            venue["id"],
            self.afternoon.at(OPENS),
            self.afternoon.at(CLOSES),
            slot_minutes=SLOT_MINUTES,
            benches=self.volunteers,
            booking_opens_at=iso(self.afternoon.day - timedelta(days=3)),
            staffing=[{**role, "needed": self.volunteers, "at_most": self.volunteers}],
        )
