"""What booking says of waitlists: a place on one, what it offers, an invitation to come along."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Text, read


@dataclass(frozen=True)
class WaitSession:
    """The session that somebody waits for."""

    id: str
    title: Text
    venue_name: Text
    venue_place: Text
    starts_at: datetime
    ends_at: datetime
    kind: str = "repair"
    state: str = "published"


@dataclass(frozen=True)
class PlaceOffer:
    """A place that is held until `expires_at`."""

    slot_id: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Partner:
    """Who comes along: how they stand, and one's own place without them."""

    person_id: str
    state: str
    place_alone: int | None


@dataclass(frozen=True)
class WaitEntry:
    """A place on a waitlist."""

    id: str
    session_id: str
    person_id: str
    devices: int
    slots: tuple[str, ...]
    passed: tuple[str, ...]
    state: str
    place: int | None
    by: str
    created_at: datetime
    session: WaitSession
    offer: PlaceOffer | None = None
    partner: Partner | None = None
    invitation: str | None = None

    @property
    def live(self) -> bool:
        """Still waiting, or offered a place."""
        return self.state in ("waiting", "offered")


@dataclass(frozen=True)
class Invitation:
    """What somebody is asked to come along to."""

    id: str
    session_id: str
    slots: tuple[str, ...]
    place: int | None
    open: bool
    session: WaitSession


class WaitingCalls(Client):
    """Waiting for a full slot."""

    service = "booking"

    def wait(
        self,
        session_id: str,
        devices: int,
        slots: list[str],
        key: str,
        person_id: str | None = None,
    ) -> WaitEntry:
        """Wait for one of the slots, the favourite first (none: any); staff may name the person."""
        body: Json = {"devices": devices, "slots": slots, "person_id": person_id}
        return read(WaitEntry, self.post(f"/sessions/{session_id}/waitlist", body, key=key))

    def waiting(self, session_id: str) -> tuple[WaitEntry, ...]:
        """Everybody who waits in a session, in their order (staff)."""
        return tuple(self.every(WaitEntry, f"/sessions/{session_id}/waitlist"))

    def wait_entry(self, entry_id: str) -> WaitEntry:
        """One place on a waitlist."""
        return read(WaitEntry, self.get(f"/waitlist/{entry_id}"))

    def claim(self, entry_id: str, devices: list[Json], key: str, waiver: int | None = None) -> str:
        """Take what is offered; the id of the booking. `waiver`: the version agreed to."""
        body: Json = {"devices": devices, "waiver_version": waiver}
        answer = self.post(f"/waitlist/{entry_id}/claim", body, key=key)
        return str(answer["appointment_id"])

    def change_wait(self, entry_id: str, act: str, key: str) -> WaitEntry:
        """Decline | leave | part."""
        return read(WaitEntry, self.post(f"/waitlist/{entry_id}/{act}", key=key))

    def invitation(self, entry_id: str, code: str) -> Invitation:
        """What one is asked to come along to."""
        answer = self.get(f"/waitlist/{entry_id}/invitation", params={"code": code})
        return read(Invitation, answer)

    def come_along(self, entry_id: str, code: str, devices: int, key: str) -> WaitEntry:
        """Agree to come along."""
        body: Json = {"code": code, "devices": devices}
        return read(WaitEntry, self.post(f"/waitlist/{entry_id}/together", body, key=key))
