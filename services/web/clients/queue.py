"""What the desk and the wall ask of booking: one line of people, the benches, calls, outcomes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.web.clients.base import Client, Json, Text, read
from services.web.clients.lists import DeskAppointment, DeskEnrolment
from services.web.clients.turns import LastAct, Late, Rules


@dataclass(frozen=True)
class Wait:
    """An honest range of minutes, and the reason in words."""

    low: int | None
    high: int | None
    reason: Text | None = None
    on_duty: int = 0

    @property
    def known(self) -> bool:
        """False while nobody is on duty: then it is unknown, not zero."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Ticket:
    """What happens to one device."""

    id: str
    category_id: int
    state: str
    brand: str | None = ""
    problem: str | None = ""
    status: str | None = None
    barrier: str | None = None
    bench: int | None = None
    volunteer_id: str | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    photo_id: str | None = None
    number: str | None = None
    power: str | None = None
    safety: str | None = None
    care: str | None = None
    handed_back: str | None = None
    paused_at: datetime | None = None
    rework_of: str | None = None


@dataclass(frozen=True)
class Visit:
    """The one live place of a person in the line, with the devices they brought."""

    id: str
    number: str
    state: str
    appointment_id: str | None = None
    person_id: str | None = None
    name: str | None = None
    bench: int | None = None
    calls: int = 0
    arrived_at: datetime | None = None
    called_at: datetime | None = None
    starts_at: datetime | None = None
    wait: Wait | None = None
    devices: tuple[Ticket, ...] = ()
    turn_at: datetime | None = None
    rework: bool = False
    resumed: bool = False
    late_minutes: int = 0
    snoozes: int = 0
    snoozed_until: datetime | None = None
    absent_at: datetime | None = None
    paused_at: datetime | None = None
    suggest: str | None = None
    keeps_until: datetime | None = None
    closes_at: datetime | None = None
    session_starts_at: datetime | None = None

    @property
    def booked(self) -> bool:
        """Came with an appointment."""
        return self.appointment_id is not None

    @property
    def again(self) -> bool:
        """Whether a device is back from a repair."""
        return any(one.rework_of for one in self.devices)

    @property
    def open_devices(self) -> tuple[Ticket, ...]:
        """Devices not dealt with yet that do not wait for parts."""
        live = ("waiting", "started")
        return tuple(one for one in self.devices if one.state in live and not one.paused_at)

    @property
    def paused_devices(self) -> tuple[Ticket, ...]:
        """Devices that wait for parts."""
        return tuple(one for one in self.devices if one.state == "waiting" and one.paused_at)


@dataclass(frozen=True)
class Bench:
    """A bench and who is at it."""

    bench: int
    visit: Visit | None = None
    ticket: Ticket | None = None


@dataclass(frozen=True)
class QueueSession:
    """The session of a queue, as booking knows it."""

    id: str
    title: Text
    venue_name: Text
    starts_at: datetime
    ends_at: datetime
    state: str = "published"
    benches: int = 0
    venue_place: Text | None = None
    trial: bool = False


@dataclass(frozen=True)
class Queue:
    """Everything the desk shows, at one version."""

    version: int
    session: QueueSession
    waiting: tuple[Visit, ...]
    benches: tuple[Bench, ...]
    called: tuple[Visit, ...] = ()
    serving: tuple[Visit, ...] = ()
    absent: tuple[Visit, ...] = ()
    recent: tuple[Ticket, ...] = ()
    staying: tuple[Ticket, ...] = ()
    done: Json = field(default_factory=dict)
    wait_new: Wait | None = None
    warning: Text | None = None
    at: datetime | None = None
    policy: Rules = field(default_factory=Rules)
    paused: tuple[Visit, ...] = ()
    late: tuple[Late, ...] = ()
    undo: LastAct | None = None

    def find(self, visit_id: str) -> Visit | None:
        """Somebody in this line, at a bench, away or waiting for parts."""
        at_bench = [one.visit for one in self.benches if one.visit]
        everybody = (*self.waiting, *self.called, *self.serving, *self.absent, *self.paused)
        return next((one for one in (*everybody, *at_bench) if one.id == visit_id), None)


@dataclass(frozen=True)
class Call:
    """A call as the wall shows it."""

    number: str
    bench: int | None
    visit_id: str = ""
    calls: int = 1
    person_id: str | None = None
    name: str | None = None
    called_at: datetime | None = None
    state: str = "called"


@dataclass(frozen=True)
class Board:
    """Everything the wall shows, at one version."""

    version: int
    at: datetime
    session: QueueSession
    next: tuple[Call, ...]
    call: Call | None = None
    calls: tuple[Call, ...] = ()
    benches: tuple[Call, ...] = ()
    wait: Wait | None = None


@dataclass(frozen=True)
class WallCode:
    """The code that rotates on the wall."""

    code: str
    expires_at: datetime


class QueueCalls(Client):
    """The desk's and the wall's calls to booking."""

    service = "booking"

    def queue(self, session_id: str) -> Queue:
        """The line of a session (staff and its volunteers)."""
        return read(Queue, self.get(f"/sessions/{session_id}/queue"))

    def board(self, session_id: str) -> Board:
        """What the wall shows."""
        return read(Board, self.get(f"/sessions/{session_id}/board", front=True))

    def wall_code(self, session_id: str) -> WallCode:
        """The code on the wall right now."""
        return read(WallCode, self.get(f"/sessions/{session_id}/wall-code", front=True))

    def check_in(self, session_id: str, body: Json, key: str) -> Json:
        """Register an arrival: by appointment, number or code (staff), or by the wall's code (owner)."""
        return dict(self.post(f"/sessions/{session_id}/check-ins", body, key=key))

    def walk_in(self, session_id: str, body: Json, key: str) -> Json:
        """Take a number without an appointment; the answer is the place with its key."""
        return dict(self.post(f"/sessions/{session_id}/walk-ins", body, key=key))

    def call_next(self, session_id: str, bench: int, key: str, number: str | None = None) -> Json:
        """Call whoever is first in line to a bench, or the one with this number."""
        body: Json = {"bench": bench} | ({"number": number} if number else {})
        return dict(self.post(f"/sessions/{session_id}/call-next", body, key=key))

    def move_visit(self, visit_id: str, act: str, key: str) -> Any:
        """recall, absent, return or leave."""
        return self.post(f"/visits/{visit_id}/{act}", key=key)

    def start(self, ticket_id: str, bench: int, volunteer_id: str | None, key: str) -> Any:
        """Work on a device begins."""
        body: Json = {"bench": bench}
        if volunteer_id:
            body["volunteer_id"] = volunteer_id
        return self.post(f"/tickets/{ticket_id}/start", body, key=key)

    def close(self, ticket_id: str, body: Json, key: str) -> Any:
        """Record the outcome of a device."""
        return self.post(f"/tickets/{ticket_id}/close", body, key=key)

    def reopen(self, ticket_id: str, key: str) -> Any:
        """Undo an outcome."""
        return self.post(f"/tickets/{ticket_id}/reopen", key=key)

    def add_device(self, visit_id: str, device: Json, key: str) -> Any:
        """One more device of somebody in line."""
        return self.post(f"/visits/{visit_id}/devices", device, key=key)

    def audience(self, session_id: str) -> Json:
        """How many appointments, enrolments and people a change would reach (staff)."""
        return dict(self.get(f"/sessions/{session_id}/audience"))

    def session_appointments(self, session_id: str) -> tuple[DeskAppointment, ...]:
        """All appointments of a session (staff)."""
        return self.every(DeskAppointment, "/appointments", params={"session_id": session_id})

    def session_enrolments(self, session_id: str) -> tuple[DeskEnrolment, ...]:
        """All enrolments of a training, waitlist included (staff)."""
        return self.every(DeskEnrolment, f"/sessions/{session_id}/enrolments")

    def mark(self, enrolment_id: str, state: str, key: str) -> None:
        """Mark somebody present, absent, or take the mark back."""
        self.post(f"/enrolments/{enrolment_id}/attendance", {"state": state}, key=key)

    def outcomes_csv(self, session_id: str) -> bytes:
        """The outcomes of a session as Open Repair Data."""
        return bytes(
            self.raw("/exports/open-repair-data", params={"session_id": session_id}).content
        )
