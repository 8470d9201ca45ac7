"""Booking as a student's pages see it: slots, appointments, enrolments, live places (the desk's part: queue.py)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.web.clients.base import Json, Text, read, read_all
from services.web.clients.bench import BenchCalls, Part, RepairCode
from services.web.clients.custody import Custody, CustodyCalls, Kept
from services.web.clients.desk import DeskCalls
from services.web.clients.holds import HoldsCalls
from services.web.clients.impact import ImpactCalls
from services.web.clients.opening import OpeningCalls
from services.web.clients.outlook import OutlookCalls
from services.web.clients.policies import PolicyCalls
from services.web.clients.queue import QueueCalls, Ticket, Wait
from services.web.clients.quizzes import QuizCalls, Standing
from services.web.clients.records import RecordCalls
from services.web.clients.turns import Turn, TurnCalls
from services.web.clients.waiting import WaitEntry, WaitingCalls
from services.web.clients.waits import WaitCalls


@dataclass(frozen=True)
class Slot:
    """A piece of a repair session."""

    id: str
    starts_at: datetime
    ends_at: datetime
    physical_capacity: int
    open_capacity: int
    taken: int
    free: int
    state: str

    def until(self, minutes: int) -> datetime:
        """So many minutes before it starts."""
        return self.starts_at - timedelta(minutes=minutes)


@dataclass(frozen=True)
class Slots:
    """The slots of a session and whether it can be booked now."""

    session_id: str
    state: str
    slots: tuple[Slot, ...]
    waiting: int = 0

    def find(self, slot_id: str | None) -> Slot | None:
        """The slot of this id."""
        return next((one for one in self.slots if one.id == slot_id), None)

    @property
    def free(self) -> int:
        """Devices that can still be booked."""
        return sum(one.free for one in self.slots if one.state == "free")


@dataclass(frozen=True)
class Availability:
    """What is left of a session."""

    session_id: str
    kind: str
    state: str
    capacity: int
    taken: int
    free: int
    waitlisted: int
    volunteers: int


@dataclass(frozen=True)
class PlaceSession:
    """The session of a place, as booking knows it."""

    id: str
    title: Text
    venue_name: Text
    venue_place: Text
    starts_at: datetime
    ends_at: datetime
    kind: str = "repair"
    state: str = "published"


@dataclass(frozen=True)
class Displaced:
    """That a place was lost when a volunteer fell away, and when it had been."""

    from_: datetime
    at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True)
class Until:
    """The last moments to move and to cancel it on one's own."""

    move: datetime
    cancel: datetime


@dataclass(frozen=True)
class Appointment:
    """My place in a slot."""

    id: str
    session_id: str
    slot_id: str | None
    starts_at: datetime
    ends_at: datetime
    state: str
    number: str | None = None
    session: PlaceSession | None = None
    version: int = 0
    displaced: Displaced | None = None
    until: Until | None = None


@dataclass(frozen=True)
class Enrolment:
    """My seat, or waitlist place, in a training; `quiz`: how I stand with what is asked after it."""

    id: str
    session_id: str
    state: str
    place: int | None = None
    session: PlaceSession | None = None
    version: int = 0
    quiz: Standing | None = None


@dataclass(frozen=True)
class MyVisit:
    """My place in a queue."""

    id: str
    session_id: str
    number: str | None
    state: str
    appointment_id: str | None = None
    arrived_at: datetime | None = None
    session: PlaceSession | None = None


@dataclass(frozen=True)
class Mine:
    """Everything of mine at booking."""

    appointments: tuple[Appointment, ...]
    enrolments: tuple[Enrolment, ...]
    visits: tuple[MyVisit, ...]
    kept: tuple[Custody, ...] = ()
    waits: tuple[WaitEntry, ...] = ()


@dataclass(frozen=True)
class PlaceVisit:
    """Where a place stands in the queue."""

    id: str
    state: str
    bench: int | None = None
    calls: int = 0


@dataclass(frozen=True)
class Can:
    """What the owner can do with a place now."""

    move: bool
    cancel: bool
    check_in: bool


@dataclass(frozen=True)
class OwnTicket(Ticket):
    """My device: with what was found, done and put in."""

    findings: tuple[RepairCode, ...] = ()
    actions: tuple[RepairCode, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Place:
    """One live ticket: a booking, and later the same person in the queue."""

    id: str
    session: PlaceSession
    devices: tuple[OwnTicket, ...]
    number: str | None
    step: str
    ahead: int | None
    ahead_numbers: tuple[str, ...]
    wait: Wait | None
    check_in_code: str | None
    can: Can
    version: int
    turn: Turn = field(default_factory=Turn)
    appointment: Appointment | None = None
    visit: PlaceVisit | None = None
    kept: tuple[Kept, ...] = ()


class BookingClient(
    BenchCalls,
    DeskCalls,
    CustodyCalls,
    HoldsCalls,
    ImpactCalls,
    OpeningCalls,
    OutlookCalls,
    PolicyCalls,
    QueueCalls,
    QuizCalls,
    RecordCalls,
    TurnCalls,
    WaitCalls,
    WaitingCalls,
):
    """Places and queues."""

    def slots(self, session_id: str) -> Slots:
        """The slots of a repair session."""
        return read(Slots, self.get(f"/sessions/{session_id}/slots"))

    def availability(self, session_ids: list[str]) -> dict[str, Availability]:
        """What is left, by session id, in one call per fifty."""
        found: dict[str, Availability] = {}
        for start in range(0, len(session_ids), 50):
            ids = ",".join(session_ids[start : start + 50])
            answer = self.get("/availability", params={"session_ids": ids})
            found.update({one.session_id: one for one in read_all(Availability, answer["items"])})
        return found

    def add_photo(self, name: str, stream: Any, mimetype: str) -> str:
        """Keep a photo of a device; its id."""
        return str(self.post("/photos", files={"photo": (name, stream, mimetype)})["id"])

    def photo(self, photo_id: str) -> httpx.Response:
        """A photo as it is kept."""
        return self.raw(f"/photos/{photo_id}")

    def book(
        self, slot_id: str, devices: list[Json], key: str, waiver: int | None = None
    ) -> Appointment:
        """Take a place in a slot; `waiver` is the version that was agreed to."""
        wish: Json = {"slot_id": slot_id, "devices": devices, "waiver_version": waiver}
        return read(Appointment, self.post("/appointments", wish, key=key))

    def move(self, appointment_id: str, slot_id: str, key: str, waiver: int | None = None) -> None:
        """Take another slot instead, in one step; `waiver` is the version that was agreed to."""
        wish: Json = {"slot_id": slot_id, "waiver_version": waiver}
        self.post(f"/appointments/{appointment_id}/move", wish, key=key)

    def cancel(self, appointment_id: str, key: str) -> None:
        """Give the place back."""
        self.post(f"/appointments/{appointment_id}/cancel", key=key)

    def enrol(self, session_id: str, key: str) -> Enrolment:
        """Take a seat, or a waitlist place when it is full."""
        return read(Enrolment, self.post("/enrolments", {"session_id": session_id}, key=key))

    def leave(self, enrolment_id: str, key: str) -> None:
        """Give the seat or waitlist place back."""
        self.post(f"/enrolments/{enrolment_id}/leave", key=key)

    def leave_line(self, visit_id: str, access: str | None, key: str) -> None:
        """Leave the line, as its owner or by the key of the link."""
        self.post(f"/visits/{visit_id}/leave", {"key": access} if access else {}, key=key)

    def mine(self) -> Mine:
        """Everything of the caller."""
        return read(Mine, self.get("/mine"))

    def place(self, place_id: str, key: str | None = None) -> Place:
        """One live ticket."""
        return read(Place, self.get(f"/places/{place_id}", params={"key": key} if key else None))
