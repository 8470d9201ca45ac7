"""What the bench's pages ask of booking: one device with its work, parts, safety tests; the limits; hand-back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import Client, Json, Text, read, read_all
from services.web.clients.queue import Ticket


@dataclass(frozen=True)
class RepairCode:
    """A finding or an action."""

    code: str
    name: Text
    said: Text


@dataclass(frozen=True)
class Part:
    """A part that went in; what it cost the centre, in fen."""

    name: str
    quantity: int
    source: str
    id: str = ""
    cost_cents: int | None = None


@dataclass(frozen=True)
class SafetyTest:
    """One safety test."""

    number: int
    protection_class: str
    visual_ok: bool
    polarity: str
    earth_ohm: float | None
    insulation_mohm: float | None
    insulation_omitted: bool
    leakage_ma: float | None
    earth_limit: float | None
    insulation_limit: float
    leakage_limit: float | None
    limits_version: int
    passed: bool
    failed: tuple[str, ...]
    instrument: str
    instrument_serial: str
    note: str
    tester_id: str
    tested_at: datetime


@dataclass(frozen=True)
class HandBack:
    """How a device went home."""

    how: str
    acknowledged_by: str
    by: str
    handed_back_at: datetime


@dataclass(frozen=True)
class Instrument:
    """What was measured with."""

    name: str
    serial: str = ""


@dataclass(frozen=True)
class Device:
    """One device with everything that was written down at the bench."""

    id: str
    session_id: str
    category_id: int
    state: str
    work_version: int
    findings: tuple[RepairCode, ...]
    actions: tuple[RepairCode, ...]
    parts: tuple[Part, ...]
    tests: tuple[SafetyTest, ...]
    siblings: tuple[Ticket, ...]
    may_test: bool
    testers: tuple[str, ...]
    visit_id: str | None = None
    visit_state: str | None = None
    visit_bench: int | None = None
    instrument: Instrument | None = None
    hand_back: HandBack | None = None
    number: str | None = None
    person_id: str | None = None
    name: str | None = None
    brand: str | None = ""
    problem: str | None = ""
    photo_id: str | None = None
    status: str | None = None
    barrier: str | None = None
    note: str | None = ""
    bench: int | None = None
    volunteer_id: str | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    power: str | None = None
    safety: str | None = None
    care: str | None = None
    handed_back: str | None = None

    @property
    def begun(self) -> bool:
        """Whether there is anything to write down yet."""
        return self.state in ("started", "closed")

    @property
    def others(self) -> tuple[Ticket, ...]:
        """The other devices of the same person."""
        return tuple(one for one in self.siblings if one.id != self.id)


@dataclass(frozen=True)
class ClassLimits:
    """The limits of one protection class."""

    insulation_mohm: float
    earth_ohm: float | None = None
    leakage_ma: float | None = None


@dataclass(frozen=True)
class Limits:
    """One version of the limits."""

    version: int
    source: str
    created_by: str
    created_at: datetime
    classes: Json

    def of(self, name: str) -> ClassLimits:
        """The limits of a class: I, II, III."""
        return read(ClassLimits, self.classes[name])


class BenchCalls(Client):
    """The bench's calls to booking."""

    service = "booking"

    def device(self, ticket_id: str) -> Device:
        """One device, to who works where it is."""
        return read(Device, self.get(f"/tickets/{ticket_id}"))

    def repair_codes(self) -> tuple[tuple[RepairCode, ...], tuple[RepairCode, ...]]:
        """Findings and actions to choose from."""
        lists = self.get("/repair-codes")
        return read_all(RepairCode, lists["findings"]), read_all(RepairCode, lists["actions"])

    def record_work(self, ticket_id: str, body: Json, version: int) -> None:
        """Write down what was found and done."""
        self.put(f"/tickets/{ticket_id}/work", body, version=version)

    def add_part(self, ticket_id: str, body: Json, key: str) -> None:
        """Note a part."""
        self.post(f"/tickets/{ticket_id}/parts", body, key=key)

    def remove_part(self, ticket_id: str, part_id: str) -> None:
        """Strike a part."""
        self.delete(f"/tickets/{ticket_id}/parts/{part_id}")

    def say_power(self, ticket_id: str, power: str) -> None:
        """Say what the device runs on."""
        self.put(f"/tickets/{ticket_id}/power", {"power": power})

    def record_test(self, ticket_id: str, body: Json, key: str) -> SafetyTest:
        """Record a safety test; the answer says whether it passed."""
        return read(SafetyTest, self.post(f"/tickets/{ticket_id}/safety-tests", body, key=key))

    def hand_back(self, ticket_id: str, body: Json, key: str) -> Any:
        """Give the device back."""
        return self.post(f"/tickets/{ticket_id}/hand-back", body, key=key)

    def take_back(self, ticket_id: str, key: str) -> Any:
        """Undo a hand-back."""
        return self.post(f"/tickets/{ticket_id}/take-back", key=key)

    def safety_limits(self) -> tuple[Limits, ...]:
        """All versions of the limits, the one that holds now first."""
        return read_all(Limits, self.get("/safety-limits")["items"])

    def set_limits(self, body: Json, version: int) -> None:
        """Add a version of the limits, made against `version`."""
        self.put("/safety-limits", body, version=version)
