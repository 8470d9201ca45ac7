"""Devices that stay, as the pages see them: the shelf, one's own, what to decide."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Page, Text, read


@dataclass(frozen=True)
class CustodySession:
    """The session that a device was brought to."""

    id: str
    title: Text
    venue_name: Text
    starts_at: datetime


@dataclass(frozen=True)
class Custody:
    """A device on the shelf, or one that has left it."""

    id: str
    ticket_id: str
    visit_id: str
    person_id: str | None
    name: str | None
    number: str
    tag: str
    state: str
    category_id: int
    brand: str
    status: str | None
    accessories: tuple[str, ...]
    accessories_note: str
    condition: str
    photos: tuple[str, ...]
    shelf: str
    stored_at: datetime
    ready_at: datetime | None
    decide_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    proof: str | None
    fate: str | None
    fate_note: str
    session: CustodySession
    version: int
    keep_until: datetime | None = None
    code: str | None = None
    key: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is still here."""
        return self.state in ("stored", "ready")


@dataclass(frozen=True)
class Kept:
    """One's own device that stays; the code only where it is one's own."""

    id: str
    ticket_id: str
    tag: str
    state: str
    accessories: tuple[str, ...]
    accessories_note: str
    condition: str
    photos: tuple[str, ...]
    stored_at: datetime
    ready_at: datetime | None
    ended_at: datetime | None
    fate: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class CustodyPolicy:
    """Days that a repair counts as the same one, and days until a decision."""

    rework_days: int
    disposal_days: int
    version: int


class CustodyCalls(Client):
    """The shelf's calls to booking."""

    service = "booking"

    def keep(self, ticket_id: str, body: Json, key: str) -> Custody:
        """Keep a device."""
        return read(Custody, self.post(f"/tickets/{ticket_id}/custody", body, key=key))

    def shelf(self, view: str, q: str | None = None, cursor: str | None = None) -> Page:
        """What is here, or was."""
        params: Json = {"view": view, "limit": 100}
        params |= {name: value for name, value in (("q", q), ("cursor", cursor)) if value}
        return self.page(Custody, "/custody", params=params)

    def whole_shelf(self, view: str, q: str | None = None) -> tuple[Custody, ...]:
        """The same, all of it."""
        params: Json = {"view": view, **({"q": q} if q else {})}
        return self.every(Custody, "/custody", params=params, most=5000)

    def custody(self, id: str) -> Custody:
        """One device."""
        return read(Custody, self.get(f"/custody/{id}"))

    def slip(self, id: str) -> Custody:
        """One device as it is printed."""
        return read(Custody, self.get(f"/custody/{id}/slip"))

    def custody_summary(self) -> dict[str, int]:
        """How many devices each view has (staff)."""
        return dict(self.get("/custody/summary"))

    def amend_custody(self, id: str, body: Json, version: int) -> None:
        """Correct shelf, accessories, condition."""
        self.patch(f"/custody/{id}", body, version=version)

    def act_on_custody(self, id: str, act: str, body: Json, key: str) -> Custody:
        """ready, hand-back, undo, dispose or put-off."""
        return read(Custody, self.post(f"/custody/{id}/{act}", body, key=key))

    def custody_policy(self) -> CustodyPolicy:
        """What holds."""
        return read(CustodyPolicy, self.get("/custody-policy"))

    def set_custody_policy(self, body: Json, version: int) -> None:
        """Change what holds (staff)."""
        self.put("/custody-policy", body, version=version)
