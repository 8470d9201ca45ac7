"""Records of service hours at roster: mine, everybody's, who could get one, issuing, verifying."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, Json, Page, Text, read, read_all


@dataclass(frozen=True)
class Printed:
    """What is printed around the lines."""

    name: str
    volunteer_number: str
    organiser: str
    responsible: str
    handler: str
    contact: str
    note: str
    policies: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One service."""

    day: date
    project: Text
    place: Text
    role: Text
    minutes: int


@dataclass(frozen=True)
class Record:
    """A record of service hours."""

    id: str
    number: str
    code: str
    person_id: str
    state: str
    first_day: date
    last_day: date
    minutes: int
    counted_minutes: int
    printed: Printed
    issued_at: datetime
    ended_at: datetime | None
    reason: str
    lines: tuple[Line, ...] = ()
    minutes_now: int | None = None

    @property
    def stale(self) -> bool:
        """Whether the ledger says something else by now."""
        return self.minutes_now is not None and self.minutes_now != self.minutes


@dataclass(frozen=True)
class Ready:
    """What somebody served in some days, and the number of the record that stands."""

    person_id: str
    minutes: int
    counted_minutes: int
    services: int
    number: str | None
    changes: bool


@dataclass(frozen=True)
class Outcome:
    """What became of one person."""

    person_id: str
    outcome: str
    record_id: str | None


class RecordCalls(Client):
    """Roster's part about records."""

    def my_records(self) -> tuple[Record, ...]:
        """The reader's own records, the newest first."""
        return self.every(Record, "/records/mine")

    def records(self, cursor: str | None = None, **wanted: str | None) -> Page:
        """A page of records, the newest first (staff)."""
        params = {name: value for name, value in {**wanted, "cursor": cursor}.items() if value}
        return self.page(Record, "/records", params=params)

    def record(self, record_id: str) -> Record:
        """One record with its lines: the reader's own, or (staff) anybody's."""
        return read(Record, self.get(f"/records/{record_id}"))

    def ready_for_records(self, first: date, last: date) -> tuple[Ready, ...]:
        """Who served between two days (staff)."""
        params = {"first": first.isoformat(), "last": last.isoformat()}
        return read_all(Ready, self.get("/records/ready", params=params)["items"])

    def issue_records(self, asked: Json, key: str) -> tuple[Outcome, ...]:
        """Issue records from the ledger (staff)."""
        return read_all(Outcome, self.post("/records", asked, key=key)["items"])

    def revoke_record(self, record_id: str, reason: str, key: str) -> None:
        """Say that a record does not hold (staff)."""
        self.post(f"/records/{record_id}/revoke", {"reason": reason}, key=key)

    def verified(self, code: str) -> str:
        """Whether the record with this printed code holds."""
        return str(self.get(f"/records/verify/{code}")["state"])
