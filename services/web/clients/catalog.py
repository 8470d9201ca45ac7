"""Catalog as the front sees it: offerings, venues, programmes, sessions."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Json, Page, Text, read
from services.web.clients.policies import CalendarCalls
from services.web.clients.quizzes import QuizWritingCalls
from services.web.clients.staffing import Need, StaffingCalls


@dataclass(frozen=True)
class Usual:
    """Volunteers that a session of an offering usually needs."""

    role: Text
    skill: str | None
    needed: int
    at_most: int


@dataclass(frozen=True)
class Offering:
    """Something people can book or serve at."""

    id: str
    kind: str
    title: Text
    summary: Text
    skill: str | None
    categories: tuple[int, ...]
    minutes_per_device: int
    devices_per_bench: int
    max_devices: int
    cancel_cutoff_minutes: int
    state: str
    version: int = 0
    suggested_staffing: tuple[Usual, ...] = ()


@dataclass(frozen=True)
class Venue:
    """A place with benches or seats."""

    id: str
    name: Text
    place: Text
    stations: int
    seats: int
    zone: str
    state: str
    version: int = 0


@dataclass(frozen=True)
class Session:
    """One dated run of an offering at a venue."""

    id: str
    offering_id: str
    kind: str
    title: Text
    summary: Text
    venue_id: str
    venue_name: Text
    venue_place: Text
    starts_at: datetime
    ends_at: datetime
    booking_opens_at: datetime
    booking_closes_at: datetime
    state: str
    categories: tuple[int, ...] = ()
    slot_minutes: int | None = None
    benches: int = 0
    seats: int = 0
    minutes_per_device: int = 15
    devices_per_bench: int = 1
    max_devices: int = 1
    cancel_cutoff_minutes: int = 60
    series_id: str | None = None
    programme_id: str | None = None
    reason: Text | None = None
    trial: bool = False
    opening: str = "first_come"
    opens_when_staffed: bool = False
    staffing: tuple[Need, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Programme:
    """A named series around a day or an event."""

    id: str
    title: Text
    summary: Text
    theme_day: date | None
    state: str
    version: int = 0
    sessions: tuple[Session, ...] = ()


class CatalogClient(CalendarCalls, QuizWritingCalls, StaffingCalls):
    """What is on offer, where and when."""

    service = "catalog"

    def sessions(self, **filters: str | None) -> tuple[Session, ...]:
        """Sessions in order of their start; filters as in the API (from_ and to are instants)."""
        params = {name.rstrip("_"): value for name, value in filters.items() if value}
        return self.every(Session, "/sessions", params=params)

    def sessions_page(self, cursor: str | None = None, **filters: str | None) -> Page:
        """One page of sessions."""
        params = {
            name.rstrip("_"): value
            for name, value in {**filters, "cursor": cursor}.items()
            if value
        }
        return self.page(Session, "/sessions", params=params)

    def session(self, session_id: str) -> Session:
        """One session."""
        return read(Session, self.get(f"/sessions/{session_id}"))

    def offerings(self, **filters: str | None) -> tuple[Offering, ...]:
        """All offerings."""
        return self.every(
            Offering, "/offerings", params={name: value for name, value in filters.items() if value}
        )

    def offering(self, offering_id: str) -> Offering:
        """One offering."""
        return read(Offering, self.get(f"/offerings/{offering_id}"))

    def venues(self) -> tuple[Venue, ...]:
        """All venues."""
        return self.every(Venue, "/venues")

    def venue(self, venue_id: str) -> Venue:
        """One venue."""
        return read(Venue, self.get(f"/venues/{venue_id}"))

    def programmes(self) -> tuple[Programme, ...]:
        """All programmes."""
        return self.every(Programme, "/programmes")

    def programme(self, programme_id: str) -> Programme:
        """One programme with its sessions."""
        return read(Programme, self.get(f"/programmes/{programme_id}"))

    def create(self, what: str, fields: Json, key: str) -> Json:
        """Create one of offerings, venues, programmes, sessions, series (staff)."""
        found: Json = self.post(f"/{what}", fields, key=key)
        return found

    def replace(self, what: str, id: str, fields: Json, version: int) -> Json:
        """Change one of offerings, venues, programmes, sessions, as it was seen at `version` (staff)."""
        found: Json = self.put(f"/{what}/{id}", fields, version=version)
        return found

    def archive(self, what: str, id: str, key: str) -> None:
        """Archive an offering, venue or programme (staff)."""
        self.post(f"/{what}/{id}/archive", key=key)

    def publish(self, session_id: str, scope: str, key: str) -> Json:
        """Publish a draft: this, following or all of its series (staff)."""
        found: Json = self.post(f"/sessions/{session_id}/publish", {"scope": scope}, key=key)
        return found

    def cancel(self, session_id: str, reason: Json, scope: str, key: str) -> Json:
        """Cancel a session with a reason in both languages (staff)."""
        found: Json = self.post(
            f"/sessions/{session_id}/cancel", {"reason": reason, "scope": scope}, key=key
        )
        return found
