"""Proposals of a roster as the front sees them: how far a search is, the plan, who could come."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, Json, Page, Text, read, read_all


@dataclass(frozen=True)
class Point:
    """The best plan after so many seconds."""

    seconds: float
    short: int
    points: int
    gap: float | None = None


@dataclass(frozen=True)
class Proposal:
    """A proposal without its plan."""

    id: str
    state: str
    from_on: date
    until_on: date
    seconds: int
    unknown_too: bool
    made_by: str
    made_at: datetime
    solved: int
    stop_asked: bool
    progress: tuple[Point, ...]
    solved_at: datetime | None = None

    @property
    def at_work(self) -> bool:
        """Whether a search is running or about to."""
        return self.state in ("waiting", "solving")

    @property
    def editable(self) -> bool:
        """Whether its plan can be changed."""
        return self.state in ("ready", "failed")

    @property
    def last(self) -> Point | None:
        """How far the search is, or came."""
        return self.progress[-1] if self.progress else None


@dataclass(frozen=True)
class Reason:
    """Why somebody is on a shift."""

    code: str
    text: str


@dataclass(frozen=True)
class Cell:
    """Somebody on a shift of a plan."""

    shift_id: str
    person_id: str
    state: str
    locked: bool
    made_by: str
    why: tuple[Reason, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class PlannedShift:
    """A shift of a plan."""

    id: str
    session_id: str
    session_title: Text
    venue_name: Text
    role: Text
    starts_at: datetime
    ends_at: datetime
    needed: int
    at_most: int
    cells: tuple[Cell, ...]
    on_it: tuple[str, ...]
    offered: tuple[str, ...]
    off: tuple[str, ...]
    filled: int
    missing: int
    level: int = 1
    skill: str | None = None
    gap_text: str | None = None


@dataclass(frozen=True)
class PlanWeek:
    """How a calendar week is covered."""

    monday: date
    shifts: int
    needed: int
    at_most: int
    filled: int
    missing: int
    planned: int


@dataclass(frozen=True)
class PersonHours:
    """Somebody's minutes in the term: served or taken, and planned."""

    person_id: str
    have: int
    planned: int


@dataclass(frozen=True)
class Plan:
    """A proposal with its plan."""

    proposal: Proposal
    shifts: tuple[PlannedShift, ...]
    weeks: tuple[PlanWeek, ...]
    hours: tuple[PersonHours, ...]


@dataclass(frozen=True)
class Choice:
    """Somebody who might be put on a shift."""

    person_id: str
    minutes: int
    broken: tuple[str, ...]
    refused: bool
    time_unknown: bool
    text: str | None = None


class ProposalCalls(Client):
    """Calls about proposals (staff)."""

    def proposals(self, cursor: str | None = None) -> Page:
        """One page of proposals, the newest first."""
        return self.page(Proposal, "/proposals", params={"cursor": cursor} if cursor else None)

    def propose(self, body: Json, key: str) -> Proposal:
        """Ask for a proposal."""
        return read(Proposal, self.post("/proposals", body, key=key))

    def proposal(self, proposal_id: str) -> Proposal:
        """One proposal, and how far its search is."""
        return read(Proposal, self.get(f"/proposals/{proposal_id}"))

    def plan(self, proposal_id: str, from_on: date, until_on: date) -> Plan:
        """A plan with the shifts of some days."""
        days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
        return read(Plan, self.get(f"/proposals/{proposal_id}/plan", params=days))

    def proposal_act(self, proposal_id: str, act: str, key: str, body: Json | None = None) -> None:
        """Stop, solve again, discard; put, remove, lock, let in a cell."""
        self.post(f"/proposals/{proposal_id}/{act}", body, key=key)

    def choices(
        self, proposal_id: str, shift_id: str, instead_of: str | None
    ) -> tuple[Choice, ...]:
        """Who could be put on a shift of a plan, best first."""
        asked = {"instead_of": instead_of} if instead_of else None
        path = f"/proposals/{proposal_id}/shifts/{shift_id}/choices"
        return read_all(Choice, self.get(path, params=asked)["items"])

    def publish_planned(self, proposal_id: str, session_id: str, key: str) -> tuple[Cell, ...]:
        """Ask everybody who is planned in a session."""
        path = f"/proposals/{proposal_id}/sessions/{session_id}/publish"
        return read_all(Cell, self.post(path, key=key)["cells"])
