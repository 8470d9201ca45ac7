"""What the coordinator's search asks of booking: records, what they can be filtered by, files of them."""

from dataclasses import dataclass
from datetime import datetime

import httpx

from services.web.clients.base import Json, Text, read, read_all
from services.web.clients.imports import ImportCalls


@dataclass(frozen=True)
class Record:
    """One device: who brought it (`name` was typed at the desk), what was wrong, what came of it."""

    id: str
    session_id: str
    title: Text
    starts_at: datetime
    number: str | None
    came: str
    person_id: str | None
    name: str | None
    visit_id: str | None
    category_id: int
    brand: str
    problem: str
    note: str
    state: str
    standing: str
    status: str | None
    barrier: str | None
    volunteer_id: str | None
    minutes: int | None
    slot_starts_at: datetime | None = None
    trial: bool = False


@dataclass(frozen=True)
class Records:
    """One page of records; `counts` by outcome on the first one."""

    items: tuple[Record, ...]
    next_cursor: str | None
    counts: Json | None


@dataclass(frozen=True)
class SessionChoice:
    """A session that has records."""

    id: str
    title: Text
    starts_at: datetime


@dataclass(frozen=True)
class OfferingChoice:
    """An offering that has records."""

    id: str
    title: Text


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to."""

    sessions: tuple[SessionChoice, ...] = ()
    offerings: tuple[OfferingChoice, ...] = ()
    categories: tuple[int, ...] = ()
    volunteers: tuple[str, ...] = ()


class RecordCalls(ImportCalls):
    """Booking's calls about records, our own and imported ones."""

    def records(self, filters: Json) -> Records:
        """One page of what the filters find."""
        answer = self.get("/records", params=filters)
        return Records(
            read_all(Record, answer["items"]), answer["next_cursor"], answer.get("counts")
        )

    def record_choices(self, days: Json) -> Choices:
        """What these days can be filtered by."""
        return read(Choices, self.get("/records/choices", params=days))

    def record_file(self, kind: str, filters: Json) -> httpx.Response:
        """A file of what the filters find, to be read piece by piece and closed."""
        return self.raw(f"/exports/{kind}", params=filters, stream=True)
