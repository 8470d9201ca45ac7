"""What booking says of places at risk and of a session's draw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import Client, Json, Text, read


@dataclass(frozen=True)
class Drop:
    """A shift that fell away."""

    person_id: str
    role: Text | None
    starts_at: datetime | None
    ends_at: datetime | None
    dropped_at: datetime


@dataclass(frozen=True)
class WouldGo:
    """A booking that would be displaced."""

    id: str
    person_id: str
    devices: int
    created_at: datetime


@dataclass(frozen=True)
class RiskSession:
    """The session of a slot at risk."""

    id: str
    title: Text
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class AtRisk:
    """A slot that holds more devices than its volunteers can serve."""

    slot_id: str
    session: RiskSession
    starts_at: datetime
    ends_at: datetime
    open_capacity: int
    taken: int
    over: int
    kept: int
    since: datetime
    until: datetime
    drops: tuple[Drop, ...]
    would_go: tuple[WouldGo, ...]

    @property
    def people(self) -> list[str]:
        """Everybody whose name a coordinator should see."""
        return [*(one.person_id for one in self.drops), *(one.person_id for one in self.would_go)]


@dataclass(frozen=True)
class Risks:
    """Everything at risk, the most urgent first."""

    items: tuple[AtRisk, ...]

    @property
    def people(self) -> list[str]:
        """Everybody whose name a coordinator should see."""
        return [id for item in self.items for id in item.people]


@dataclass(frozen=True)
class SessionRisks(Risks):
    """What is at risk in one session, and how long stand-ins are looked for."""

    session_id: str
    offering_id: str
    stand_in_minutes: int
    own_minutes: int | None
    usual_minutes: int


@dataclass(frozen=True)
class Drawn:
    """One line of the published list."""

    pseudonym: str
    position: int
    state: str


@dataclass(frozen=True)
class DrawWish:
    """A slot that somebody wishes for."""

    slot_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class MyEntry:
    """The caller's own entry."""

    pseudonym: str
    state: str
    position: int | None
    appointment_id: str | None
    wishes: tuple[DrawWish, ...]
    devices: tuple[Json, ...]

    @property
    def is_in(self) -> bool:
        """Whether it takes part in a draw that is ahead."""
        return self.state == "in"


@dataclass(frozen=True)
class Draw:
    """A session's draw: the hash before; the seed and the list after."""

    session_id: str
    state: str
    opens_at: datetime
    closes_at: datetime
    committed_at: datetime
    drawn_at: datetime | None
    seed_hash: str
    seed: str | None
    count: int
    entries: tuple[Drawn, ...] | None
    mine: MyEntry | None

    @property
    def ahead(self) -> bool:
        """Whether nobody can simply book yet."""
        return self.state in ("before", "open", "drawing")


class OpeningCalls(Client):
    """Places at risk, displaced bookings, draws."""

    service = "booking"

    def at_risk(self) -> Risks:
        """What is at risk anywhere (staff)."""
        return read(Risks, self.get("/at-risk"))

    def session_risks(self, session_id: str) -> SessionRisks:
        """What is at risk in one session (staff)."""
        return read(SessionRisks, self.get(f"/sessions/{session_id}/at-risk"))

    def set_stand_in(self, what: str, id: str, minutes: int | None) -> None:
        """Set the stand-in time of `sessions` or `offerings`."""
        self.put(f"/{what}/{id}/stand-in", {"minutes": minutes})

    def decide(self, slot_id: str, act: str, key: str) -> None:
        """Displace | wait-longer | keep."""
        body: Json = {"minutes": 60} if act == "wait-longer" else {}
        self.post(f"/slots/{slot_id}/{act}", body, key=key)

    def accept(self, appointment_id: str, key: str) -> Any:
        """Take the place one was displaced to."""
        return self.post(f"/appointments/{appointment_id}/accept", key=key)

    def draw(self, session_id: str) -> Draw:
        """The draw of a session, and the caller's own entry."""
        return read(Draw, self.get(f"/sessions/{session_id}/draw"))

    def enter_draw(
        self,
        session_id: str,
        wishes: list[str],
        devices: list[Json],
        key: str,
        waiver: int | None = None,
    ) -> Draw:
        """Enter the draw, or change one's entry; `waiver` is the version that was agreed to."""
        body = {"wishes": wishes, "devices": devices, "waiver_version": waiver}
        return read(Draw, self.post(f"/sessions/{session_id}/draw/entry", body, key=key))

    def withdraw(self, session_id: str, key: str) -> None:
        """Leave the draw again."""
        self.post(f"/sessions/{session_id}/draw/withdraw", key=key)
