"""Booking as the front sees it: slots, appointments, enrolments, live tickets, queues."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import Client, Json, Text, read, read_all


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


@dataclass(frozen=True)
class Slots:
    """The slots of a session and whether it can be booked now."""

    session_id: str
    state: str
    slots: tuple[Slot, ...]


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
class Device:
    """One device and what happens to it."""

    id: str
    category_id: int
    brand: str | None = None
    problem: str | None = None
    photo_id: str | None = None
    state: str = "waiting"
    status: str | None = None
    barrier: str | None = None
    note: str | None = None
    bench: int | None = None


@dataclass(frozen=True)
class Wait:
    """An honest waiting range in minutes, and its reason."""

    low: int | None
    high: int | None
    reason: Text
    on_duty: int


@dataclass(frozen=True)
class PlaceSession:
    """The session of a place, as booking knows it."""

    id: str
    title: Text
    venue_name: Text
    venue_place: Text
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Can:
    """What the owner can do with a place now."""

    move: bool
    cancel: bool
    check_in: bool


class BookingClient(Client):
    """Places and queues."""

    service = "booking"

    def slots(self, session_id: str) -> Slots:
        """The slots of a repair session."""
        return read(Slots, self.get(f"/sessions/{session_id}/slots"))

    def availability(self, session_ids: list[str]) -> dict[str, Availability]:
        """What is left, by session id, in one call per hundred."""
        found: dict[str, Availability] = {}
        for start in range(0, len(session_ids), 100):
            ids = ",".join(session_ids[start:start + 100])
            answer = self.get("/availability", params={"session_ids": ids})
            found.update({one.session_id: one for one in read_all(Availability, answer["items"])})
        return found
