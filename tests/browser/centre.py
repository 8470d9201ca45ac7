"""The scene of a test, set through the public API: venues of its own, sessions, crews, bookings."""

from datetime import datetime, timedelta
from typing import Any

from deploy import acts, demo
from deploy.driver import Account, eventually
from shared import clock
from shared.clock import iso
from shared.http_client import Problem
from shared.ids import new_id

KETTLE = {"category_id": 29, "brand": "美的 MK-HJ1708", "problem": "不通电"}


def at(days: int, hour: int = 14) -> datetime:
    """An hour of a day ahead, at the centre."""
    local = (clock.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return local.replace(hour=hour - 8)


class Centre(demo.Centre):
    """The demo's centre, with sessions that no other test touches."""

    def someone(self, name: str = "测试同学") -> Account:
        """Return a student who has just registered."""
        login = f"t{new_id()[:12]}"
        body = {
            "login": login,
            "password": "a-long-password",
            "name": name,
            "email": None,
            "locale": "zh",
            "consent_version": "2026-11",
        }
        self.api.call("identity", "POST", "/registrations", json=body, key=new_id())
        return self.api.sign_in(login, "a-long-password")

    def room(self, stations: int = 3, seats: int = 0) -> str:
        """Return a venue that only this test uses."""
        name = f"测试间 {new_id()[:6]}"
        body = {
            "name": {"zh": name, "en": f"Test room {name[-6:]}"},
            "place": {"zh": "地下一层", "en": "Basement"},
            "stations": stations,
            "seats": seats,
        }
        return str(self.staff.post("catalog", "/venues", body)["id"])

    def repair(
        self, starts: datetime | None = None, *, hours: float = 3, crew: int = 2, **more: Any
    ) -> str:
        """Publish a repair session, running for twenty minutes unless told otherwise, with a crew."""
        begins = starts or (clock.now() - timedelta(minutes=20)).replace(second=0, microsecond=0)
        ends = begins + timedelta(hours=hours)
        plan = {"slot_minutes": 15, "benches": 3, "booking_closes_at": iso(ends), **more}
        offering = self.offerings["appliances"]
        session = acts.plan_session(self.staff, offering, self.room(), begins, ends, **plan)
        shift = acts.shifts_of(self.staff, session)[0]
        for _ in range(crew):
            self.take(shift["id"])
        if crew:
            acts.open_slots(self.staff, session, crew)
        return session

    def take(self, shift: str, check_in: bool = False) -> str:
        """Let somebody new, who knows small appliances, take the shift."""
        helper = self.helper()
        made = acts.put_on_shift(self.staff, shift, helper.id)
        if check_in:
            self.staff.post("roster", f"/assignments/{made['id']}/check-in", {})
        return str(made["id"])

    def helper(self) -> Account:
        """Return a volunteer who has just joined and knows small appliances."""
        made = self.someone("帮手")
        admin = self.person("admin")
        roles = {"roles": ["student", "volunteer"]}
        admin.put("identity", f"/people/{made.id}/roles", roles, version=1)
        acts.grant(self.staff, made.id, ["small_appliance"])
        made.renew()
        return made

    def training(self, seats: int, starts: datetime | None = None) -> str:
        """Publish a training with this many seats."""
        begins = starts or clock.now() + timedelta(days=5)
        ends = begins + timedelta(hours=2)
        session = acts.plan_session(
            self.staff, self.offerings["soldering"], self.room(0, 30), begins, ends, seats=seats
        )
        eventually(lambda: self._known(session), f"session {session} at booking")
        return session

    def _known(self, session: str) -> bool:
        found = self.staff.get("booking", "/availability", session_ids=session)["items"]
        return bool(found)

    def booked(
        self, session: str, who: Account | None = None, *, late: bool = False
    ) -> dict[str, Any]:
        """Book the first free slot (or the last) of the session for somebody."""
        slots = acts.open_slots(self.staff, session, 1)
        free = [slot for slot in slots if slot["state"] == "free"]
        return acts.book(who or self.someone(), free[::-1] if late else free, [dict(KETTLE)])

    def enrol(self, session: str, who: Account) -> dict[str, Any]:
        """Take a seat or a waitlist place."""
        made = who.post("booking", "/enrolments", {"session_id": session})
        return dict(made)

    def code_of(self, who: Account, appointment: str) -> str:
        """Return the code that stands on somebody's ticket."""
        return str(who.get("booking", f"/places/{appointment}")["check_in_code"])


__all__ = ["KETTLE", "Centre", "Problem", "at"]
