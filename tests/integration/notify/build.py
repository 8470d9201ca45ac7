"""Builders: what catalog, booking, roster and identity announce, and what notify made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.notify.models import Delivery
from services.notify.use_cases.sending import send_due
from shared.clock import iso, now
from shared.ids import new_id
from tests.support.people import TestPerson
from tests.support.services import Service

HOUR = timedelta(hours=1)
VERBS = {"booked": "booked", "moved": "booked", "cancelled": "cancelled"}
STATES = {
    "enrolled": "enrolled",
    "waitlisted": "waitlisted",
    "promoted": "enrolled",
    "left": "left",
}


@dataclass
class Notify:
    """Notify under test, and everything the other services would tell it."""

    service: Service
    versions: dict[str, int] = field(default_factory=dict)

    def tell(self, type: str, subject: str, data: dict[str, Any]) -> None:
        """Bring the next version of something."""
        version = self.versions[subject] = self.versions.get(subject, 0) + 1
        self.service.deliver(type, subject, version, data)

    def person(
        self, email: str | None = None, locale: str = "zh", role: str = "student"
    ) -> TestPerson:
        """Return somebody who gave a contact (no address: in the app only)."""
        person = self.service.people.new(role)
        given = {"email": email, "locale": locale}
        answer = self.service.client(person).put(f"/contacts/{person.id}", given)
        assert answer.status_code == 200, answer.text
        return person

    def session(self, verb: str = "published", **given: Any) -> dict[str, Any]:
        """Announce a session, tomorrow and a bit, or a change of one (give its `id`)."""
        starts = given.pop("starts_at", None) or now().replace(microsecond=0) + 30 * HOUR
        data = {
            "id": new_id(),
            "kind": "repair",
            "title": {"zh": "小家电义务维修", "en": "Repair afternoon"},
            "venue_name": {"zh": "工程训练中心", "en": "Training centre"},
            "venue_place": {"zh": "101 室", "en": "Room 101"},
            "zone": "Asia/Shanghai",
            "starts_at": iso(starts),
            "ends_at": iso(starts + 2 * HOUR),
            "reason": None,
            "trial": False,
            "staffing": [],
        } | given
        data["state"] = "cancelled" if verb == "cancelled" else "published"
        self.tell(f"session.{verb}.v1", data["id"], data)
        return data

    def appointment(
        self, verb: str, of: dict[str, Any], person: TestPerson, **given: Any
    ) -> dict[str, Any]:
        """Announce an appointment that was booked, moved or cancelled."""
        data = {
            "id": new_id(),
            "session_id": of["id"],
            "slot_id": new_id(),
            "person_id": person.id,
            "starts_at": of["starts_at"],
            "ends_at": of["ends_at"],
            "devices": 1,
            "categories": [14],
            "state": VERBS.get(verb, "booked"),
            "number": "A021",
            "previous_starts_at": None,
            "by": "self",
            "reason": None,
        } | given
        self.tell(f"appointment.{verb}.v1", data["id"], data)
        return data

    def enrolment(
        self, verb: str, of: dict[str, Any], person: TestPerson, **given: Any
    ) -> dict[str, Any]:
        """Announce an enrolment that was made, waits, moved up or ended."""
        data = {
            "id": new_id(),
            "session_id": of["id"],
            "person_id": person.id,
            "state": STATES[verb],
            "rank": None,
            "by": "self",
        } | given
        self.tell(f"enrolment.{verb}.v1", data["id"], data)
        return data

    def shift(
        self, verb: str, of: dict[str, Any], person: TestPerson, **given: Any
    ) -> dict[str, Any]:
        """Announce an assignment that was accepted, dropped or attended."""
        data = {
            "assignment_id": new_id(),
            "shift_id": new_id(),
            "session_id": of["id"],
            "person_id": person.id,
            "role": {"zh": "维修志愿者", "en": "Repairer"},
            "skill": "repair",
            "starts_at": of["starts_at"],
            "ends_at": of["ends_at"],
            "state": verb,
            "checked_in_at": None,
            "checked_out_at": None,
            "by": "self",
        } | given
        self.tell(f"shift.{verb}.v1", data["assignment_id"], data)
        return data

    def visit(
        self, verb: str, of: dict[str, Any], person: TestPerson, **given: Any
    ) -> dict[str, Any]:
        """Announce a visit that arrived, was called or closed."""
        data = {
            "id": new_id(),
            "session_id": of["id"],
            "appointment_id": None,
            "person_id": person.id,
            "number": "A021",
            "bench": None,
            "state": {"arrived": "waiting"}.get(verb, verb),
            "calls": 0,
        } | given
        self.tell(f"visit.{verb}.v1", data["id"], data)
        return data

    def send(self, **settings: Any) -> int:
        """Do what the worker's timer does: send everything that is due."""
        chosen = replace(self.service.settings, **settings)
        taken = 0
        while batch := send_due(self.service.database, chosen):
            taken += batch
        return taken

    def deliveries(self, person: TestPerson | None = None, **wanted: Any) -> Sequence[Delivery]:
        """Return deliveries, oldest first."""
        statement = select(Delivery).order_by(Delivery.due_at, Delivery.created_at, Delivery.id)
        if person:
            statement = statement.where(Delivery.recipient == person.id)
        with self.service.database.reading() as session:
            return session.scalars(statement.filter_by(**wanted)).all()

    def stand(self, person: TestPerson, **wanted: Any) -> list[tuple[str, str, str | None]]:
        """Return (template, state, reason) of a person's deliveries."""
        return [(d.template, d.state, d.reason) for d in self.deliveries(person, **wanted)]

    def inbox(self, person: TestPerson, locale: str = "zh") -> list[dict[str, Any]]:
        """Return what a person reads in the app."""
        now_valid = self.service.people.new(*person.roles, id=person.id)  # the clock may have moved
        return self.service.client(now_valid, locale).get("/inbox").get_json()["items"]


def mails(folder: Path) -> list[EmailMessage]:
    """Return the mails that were dropped into a folder, oldest first."""
    return [parsed(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def parsed(content: bytes) -> EmailMessage:
    """Read a mail."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def calendar_of(message: EmailMessage) -> str:
    """Return the calendar file of a mail, unfolded."""
    files = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert len(files) == 1
    return unfold(files[0].get_payload(decode=True).decode())


def unfold(text: str) -> str:
    """Join the folded lines of a calendar file (RFC 5545, 3.1)."""
    return text.replace("\r\n ", "").replace("\r\n", "\n")


def at(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)
