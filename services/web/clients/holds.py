"""Whether repairs hold, as the pages see it: one's answer, what coordinators read, reworks, the memory."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Page, Text, read, read_all


@dataclass(frozen=True)
class Feedback:
    """One's own answer about one's own device."""

    ticket_id: str
    visit_id: str | None
    session_id: str
    number: str | None
    category_id: int
    brand: str
    works: bool | None
    words: str
    can: bool


@dataclass(frozen=True)
class Answer:
    """What somebody said of a device."""

    ticket_id: str
    number: str | None
    title: Text
    category_id: int
    brand: str
    closed_at: datetime
    works: bool
    words: str
    answered_at: datetime


@dataclass(frozen=True)
class CategoryHolds:
    """One kind of device."""

    category_id: int
    answered: int
    works: int


@dataclass(frozen=True)
class Holds:
    """How repairs hold."""

    fixed: int
    asked: int
    answered: int
    works: int
    share: float | None
    reworks: int
    categories: tuple[CategoryHolds, ...]


@dataclass(frozen=True)
class Earlier:
    """An earlier repair that a device can be back from."""

    id: str
    number: str
    category_id: int
    brand: str
    status: str
    closed_at: datetime


@dataclass(frozen=True)
class CodeCount:
    """A finding or an action, and on how many devices."""

    zh: str
    en: str
    devices: int


@dataclass(frozen=True)
class Scope:
    """Such devices: of this model, this maker, this kind."""

    scope: str
    devices: int
    fixed: int
    findings: tuple[CodeCount, ...]
    actions: tuple[CodeCount, ...]


@dataclass(frozen=True)
class EarlierRepair:
    """The repair that a device is back from."""

    id: str
    closed_at: datetime
    status: str | None
    findings: tuple[CodeCount, ...]
    actions: tuple[CodeCount, ...]
    volunteer_id: str | None
    suggested: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """What was found before on such devices."""

    scopes: tuple[Scope, ...]
    earlier: EarlierRepair | None = None


class HoldsCalls(Client):
    """Feedback, reworks and the memory."""

    service = "booking"

    def feedback(self, ticket_id: str, access: str | None) -> Feedback:
        """One's own answer."""
        params = {"key": access} if access else None
        return read(Feedback, self.get(f"/tickets/{ticket_id}/feedback", params=params))

    def say(self, ticket_id: str, body: Json, key: str) -> None:
        """Say whether it still works."""
        self.post(f"/tickets/{ticket_id}/feedback", body, key=key)

    def unsay(self, ticket_id: str, access: str | None) -> None:
        """Take one's answer back."""
        params = {"key": access} if access else None
        self.delete(f"/tickets/{ticket_id}/feedback", params=params)

    def answers(self, works: str | None, cursor: str | None) -> Page:
        """What owners said (staff)."""
        params = {name: value for name, value in (("works", works), ("cursor", cursor)) if value}
        return self.page(Answer, "/feedback", params=params)

    def holds(self, since: str) -> Holds:
        """The share that still works (staff)."""
        return read(Holds, self.get("/feedback/summary", params={"since": since}))

    def strike(self, ticket_id: str) -> None:
        """Remove words that should not stand (staff)."""
        self.delete(f"/feedback/{ticket_id}/words")

    def earlier(self, number: str | None = None) -> tuple[Earlier, ...]:
        """One's own earlier repairs, or those of a number (desk)."""
        params = {"number": number} if number else None
        return read_all(Earlier, self.get("/reworks", params=params)["items"])

    def memory(self, ticket_id: str) -> Memory:
        """What was found before (desk)."""
        return read(Memory, self.get(f"/tickets/{ticket_id}/memory"))
