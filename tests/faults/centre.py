"""A small centre on a running suite, worked through its public API."""

from datetime import timedelta
from itertools import count
from typing import Any

from deploy import acts
from deploy.driver import Account, Api
from shared import clock
from shared.ids import new_id

SKILL = "small_appliance"
DEVICE = {"category_id": 21, "brand": "美的", "problem": "不加热"}


class Centre:
    """Plans trials and books people into them; every session lies on a day of its own."""

    _days = count(60)

    def __init__(self, url: str) -> None:
        self.api = Api(url)
        self.staff: Account = self.api.sign_in("coordinator", "demo")
        self.admin: Account = self.api.sign_in("admin", "demo")

    def session(self) -> tuple[str, list[dict[str, Any]]]:
        """Publish a session that one volunteer serves; return its id and its open slots."""
        (volunteer,) = self.people(1, "volunteer")
        self.staff.put("roster", f"/skills/{SKILL}", {"title": {"zh": "小家电", "en": "Small"}})
        acts.grant(self.staff, volunteer, [SKILL])
        starts = clock.now().replace(hour=2, minute=0, second=0, microsecond=0)
        starts += timedelta(days=next(self._days))
        session_id = acts.plan_session(
            self.staff,
            self._offering(),
            self._venue(),
            starts,
            starts + timedelta(hours=5),
            slot_minutes=15,
            benches=1,
            trial=True,
            staffing=[{"role": {"zh": "维修", "en": "Repair"}, "skill": SKILL, "needed": 1}],
        )
        (shift,) = acts.shifts_of(self.staff, session_id)
        self.staff.post("roster", f"/shifts/{shift['id']}/accept", {"person_id": volunteer})
        return session_id, acts.open_slots(self.staff, session_id, 20)

    def book(self, slots: list[dict[str, Any]], many: int) -> list[str]:
        """Book for so many new students; return the appointments' ids."""
        people = self.people(many, "student")
        return [
            str(acts.book(self.staff, slots, [DEVICE], person_id=person)["id"]) for person in people
        ]

    def people(self, many: int, role: str) -> list[str]:
        """Import so many new people of a role; return their ids."""
        mark = new_id()[:8]
        lines = [f"{mark}-{number},测试{number},{role}" for number in range(many)]
        text = "\n".join(["login,name,roles", *lines])
        self.admin.post("identity", "/people/import", {"csv": text, "dry_run": False})
        found = self.admin.items("identity", "/people", q=mark, limit=200)
        return [person["id"] for person in found]

    def _offering(self) -> str:
        body = {
            "kind": "repair",
            "title": {"zh": "小家电维修", "en": "Repair"},
            "skill": SKILL,
            "minutes_per_device": 15,
            "devices_per_bench": 2,
            "max_devices": 1,
        }
        return str(self.staff.post("catalog", "/offerings", body)["id"])

    def _venue(self) -> str:
        body = {"name": {"zh": "203", "en": "203"}, "place": {"zh": "二层", "en": ""}}
        made = self.staff.post("catalog", "/venues", {**body, "stations": 2, "seats": 0})
        return str(made["id"])
