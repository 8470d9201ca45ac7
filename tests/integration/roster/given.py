"""What roster tests start from: sessions, volunteers, and the clock of the suite."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.clock import Clock, iso
from shared.codes import rotating_code
from shared.ids import new_id
from tests.support.clients import ApiClient
from tests.support.people import TestPerson
from tests.support.services import Service

DAY = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
REPAIR = "appliance-repair"
TERM = 120 * 24 * 3600


def entry(
    hours: tuple[float, float] = (0, 2),
    *,
    skill: str | None = REPAIR,
    needed: int = 1,
    at_most: int = 2,
    position: int = 0,
    zh: str = "维修台",
    day: datetime = DAY,
) -> dict[str, Any]:
    """Return a staffing entry; ``hours`` count from the start of the day's session."""
    return {
        "position": position,
        "role": {"zh": zh, "en": "Repair bench"},
        "skill": skill,
        "needed": needed,
        "at_most": at_most,
        "starts_at": iso(day + timedelta(hours=hours[0])),
        "ends_at": iso(day + timedelta(hours=hours[1])),
    }


def session_data(
    session_id: str,
    staffing: Iterable[dict[str, Any]],
    *,
    day: datetime = DAY,
    state: str = "published",
    trial: bool = False,
) -> dict[str, Any]:
    """Return the public state of a session as the catalog announces it."""
    return {
        "id": session_id,
        "series_id": None,
        "programme_id": None,
        "offering_id": new_id(),
        "kind": "repair",
        "title": {"zh": "小家电义务维修", "en": "Repair café"},
        "venue_id": new_id(),
        "venue_name": {"zh": "工程训练中心", "en": "Engineering Training Centre"},
        "venue_place": {"zh": "A 座 101", "en": "A 101"},
        "zone": "Asia/Shanghai",
        "starts_at": iso(day),
        "ends_at": iso(day + timedelta(hours=4)),
        "staffing": list(staffing),
        "state": state,
        "reason": None,
        "trial": trial,
        "something_new": "ignored",
    }


@dataclass
class Roster:
    """The roster under test, with short words for what a test starts from."""

    service: Service
    clock: Clock
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock.set(DAY - timedelta(days=3))
        self.coordinator = self.client(self.new("coordinator"))
        answer = self.coordinator.put(
            f"/skills/{REPAIR}", {"title": {"zh": "小家电维修", "en": "Appliance repair"}}
        )
        assert answer.status_code == 200, answer.json

    def at(self, hours: float) -> None:
        """Set the suite's time, in hours from the start of the day's session."""
        self.clock.set(DAY + timedelta(hours=hours))

    def new(self, *roles: str) -> TestPerson:
        """Return a new person whose token lasts for a whole term."""
        return self.service.people.new(*roles, seconds=TERM)

    def client(self, person: TestPerson, locale: str = "zh") -> ApiClient:
        """Return a client that asks as this person."""
        return self.service.client(person, locale)

    def volunteer(self, *skills: str) -> ApiClient:
        """Return a client of a new volunteer whom the roster knows, with these skills."""
        person = self.new("volunteer")
        self.person(person.id, ["student", "volunteer"])
        if skills:
            self.grant(person.id, *skills)
        return self.client(person)

    def person(self, person_id: str, roles: list[str], type: str = "person.registered.v1") -> None:
        """Deliver what identity announces of a person."""
        state = "erased" if type == "person.erased.v1" else "active"
        data = {"person_id": person_id, "roles": roles, "locale": "zh", "state": state}
        self.service.deliver(type, person_id, self._next(person_id), data)
        assert self.service.dead_letters() == []
        assert self.service.waiting() == 0

    def grant(self, person_id: str, *skills: str) -> None:
        """Grant skills as a coordinator."""
        answer = self.coordinator.put(f"/volunteers/{person_id}/skills", {"skills": list(skills)})
        assert answer.status_code == 200, answer.json

    def publish(self, *staffing: dict[str, Any], **how: Any) -> str:
        """Deliver a published session with these staffing entries; return its id."""
        session_id = new_id()
        self.change(session_id, *staffing, type="session.published.v1", **how)
        return session_id

    def change(
        self,
        session_id: str,
        *staffing: dict[str, Any],
        type: str = "session.changed.v1",
        **how: Any,
    ) -> None:
        """Deliver the next version of a session."""
        data = session_data(session_id, staffing, **how)
        self.service.deliver(type, session_id, self._next(session_id), data)
        assert self.service.dead_letters() == []
        assert self.service.waiting() == 0

    def cancel(self, session_id: str, *staffing: dict[str, Any]) -> None:
        """Deliver that a session is cancelled."""
        self.change(session_id, *staffing, type="session.cancelled.v1", state="cancelled")

    def shifts(self, session_id: str) -> list[dict[str, Any]]:
        """Return the shifts of a session as staff see them."""
        answer = self.coordinator.get(f"/sessions/{session_id}/shifts")
        assert answer.status_code == 200, answer.json
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    def staffing(self, session_id: str) -> list[dict[str, Any]]:
        """Return the intervals that were announced last of a session."""
        events = self.service.announced("staffing.changed.v1")
        last = [event for event in events if event.subject == session_id][-1]
        intervals: list[dict[str, Any]] = last.data["intervals"]
        return intervals

    def take(self, who: ApiClient, shift: dict[str, Any]) -> dict[str, Any]:
        """Let a volunteer take a shift; return the assignment."""
        answer = who.post(f"/shifts/{shift['id']}/accept")
        assert answer.status_code == 201, answer.json
        taken: dict[str, Any] = answer.json
        return taken

    def take_over(self, session_id: str) -> ApiClient:
        """Let somebody experienced be on the first shift of a session; return their client."""
        experienced = self.volunteer(REPAIR)
        assert experienced.person is not None
        path = f"/volunteers/{experienced.person.id}/newcomer"
        assert self.coordinator.put(path, {"newcomer": False}).status_code == 200
        body = {"person_id": experienced.person.id}
        shift = self.shifts(session_id)[0]
        answer = self.coordinator.post(f"/shifts/{shift['id']}/accept", body)
        assert answer.status_code == 201, answer.json
        return experienced

    def wall_code(self, session_id: str) -> str:
        """Return the code that the wall of a session shows now."""
        key = (self.service.people.folder / "wall.key").read_bytes()
        return rotating_code(key, session_id, self.clock.now())

    def _next(self, subject: str) -> int:
        self.versions[subject] = self.versions.get(subject, 0) + 1
        return self.versions[subject]


def code(answer: Any) -> tuple[int, str]:
    """Return the status and the machine code of a refusal."""
    return answer.status_code, answer.json["code"]
