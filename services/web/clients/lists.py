"""Appointments and enrolments of a session, as staff see them in a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import read_all
from services.web.clients.quizzes import Standing


@dataclass(frozen=True)
class DeskDevice:
    """A device of an appointment, as staff see it."""

    category_id: int
    brand: str | None = ""
    problem: str | None = ""


@dataclass(frozen=True)
class DeskAppointment:
    """An appointment, as staff see it in a list."""

    id: str
    session_id: str
    person_id: str | None
    starts_at: datetime
    ends_at: datetime
    state: str
    slot_id: str | None = None
    number: str | None = None
    devices: Any = ()

    @property
    def count(self) -> int:
        """How many devices."""
        return self.devices if isinstance(self.devices, int) else len(self.devices)

    @property
    def device_list(self) -> tuple[DeskDevice, ...]:
        """The devices, where the list names them."""
        return () if isinstance(self.devices, int) else read_all(DeskDevice, list(self.devices))


@dataclass(frozen=True)
class DeskEnrolment:
    """A seat or waitlist place, as staff see it in a list."""

    id: str
    session_id: str
    person_id: str | None
    state: str
    place: int | None = None
    quiz: Standing | None = None
