"""What the front asks of roster: shifts, assignments, volunteers with their skills, hours."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import Text, read, read_all
from services.web.clients.handover import HandoverCalls
from services.web.clients.hours import Hours, HoursCalls
from services.web.clients.proposals import ProposalCalls
from services.web.clients.ranking import RankingCalls
from services.web.clients.service_records import RecordCalls
from services.web.clients.taking import TakingCalls
from services.web.clients.volunteers import Skill, Volunteer
from shared import clock

__all__ = ["Assignment", "Hours", "RosterClient", "Shift", "Skill", "Volunteer"]


@dataclass(frozen=True)
class Assignment:
    """A volunteer on a shift."""

    id: str
    shift_id: str
    session_id: str
    person_id: str
    state: str
    starts_at: datetime
    ends_at: datetime
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    role: Text | None = None
    skill: str | None = None
    session_title: Text | None = None
    venue_name: Text | None = None
    can_drop: bool = False
    drop_until: datetime | None = None
    dropped_at: datetime | None = None
    dropped_late: bool = False
    late_drop_from: datetime | None = None
    stand_in_since: datetime | None = None
    swap_shift_id: str | None = None

    @property
    def live(self) -> bool:
        """Still counted on."""
        return self.state in ("accepted", "attended")

    @property
    def present(self) -> bool:
        """Checked in and not out again."""
        return self.checked_in_at is not None and self.checked_out_at is None


@dataclass(frozen=True)
class Mine:
    """The reader's own assignment on a shift, as the list of shifts names it."""

    id: str
    state: str


@dataclass(frozen=True)
class Shift:
    """A stretch of a session that needs volunteers, as the reader may take it."""

    id: str
    session_id: str
    role: Text
    skill: str | None
    starts_at: datetime
    ends_at: datetime
    needed: int
    at_most: int
    accepted: int
    session_title: Text | None = None
    venue_name: Text | None = None
    mine: Mine | None = None
    can_take: bool = False
    why_not: str | None = None
    why_not_text: str | None = None
    advice_text: str | None = None
    drop_until: datetime | None = None
    late_drop_from: datetime | None = None
    session_kind: str | None = None
    assignments: tuple[Assignment, ...] = ()
    newcomers_alone: tuple[str, ...] = ()
    standing_by: tuple[str, ...] = ()
    standby: bool = False
    position: int | None = None

    @property
    def missing(self) -> int:
        """How many volunteers are still needed."""
        return max(self.needed - self.accepted, 0)

    @property
    def late_drops(self) -> tuple[Assignment, ...]:
        """Those who gave it back within two days of the start."""
        return tuple(one for one in self.assignments if one.dropped_late)

    @property
    def live_assignments(self) -> tuple[Assignment, ...]:
        """Those who are counted on."""
        return tuple(one for one in self.assignments if one.live)


@dataclass(frozen=True)
class FitCounts:
    """How many shifts suit the reader, lie at other times, or cannot be taken."""

    suits: int
    other: int
    cannot: int


@dataclass(frozen=True)
class ForMe:
    """A page of the shifts of one fit, and how many there are of each."""

    items: tuple[Shift, ...]
    counts: FitCounts
    time_known: bool
    next_cursor: str | None = None


class RosterClient(
    HoursCalls, ProposalCalls, HandoverCalls, RankingCalls, RecordCalls, TakingCalls
):
    """Calls to roster."""

    service = "roster"

    def shifts(self) -> tuple[Shift, ...]:
        """Shifts that concern the reader: theirs and those they may look at."""
        return self.every(Shift, "/shifts")

    def for_me(self, **wanted: Any) -> ForMe:
        """What suits the reader, lies at other times, or cannot be taken: a page of it."""
        params = {name: value for name, value in wanted.items() if value}
        return read(ForMe, self.get("/shifts/for-me", params=params))

    def dropped_late(self) -> tuple[Assignment, ...]:
        """What volunteers gave back within two days of the start, the newest first (staff)."""
        return read_all(Assignment, self.get("/assignments/dropped-late")["items"])

    def session_shifts(self, session_id: str) -> tuple[Shift, ...]:
        """All shifts of a session with their assignments (staff)."""
        return read_all(Shift, self.get(f"/sessions/{session_id}/shifts")["items"])

    def accept(self, shift_id: str, key: str, person_id: str | None = None) -> Any:
        """Take a shift, for oneself or (staff) for somebody."""
        return self.post(
            f"/shifts/{shift_id}/accept", {"person_id": person_id} if person_id else {}, key=key
        )

    def drop(self, assignment_id: str, key: str) -> Any:
        """Give a shift back."""
        return self.post(f"/assignments/{assignment_id}/drop", key=key)

    def check_in(self, assignment_id: str, key: str, wall_code: str | None = None) -> Any:
        """Start of service; away from staff it takes the wall's code."""
        return self.post(
            f"/assignments/{assignment_id}/check-in",
            {"wall_code": wall_code} if wall_code else {},
            key=key,
        )

    def check_out(self, assignment_id: str, key: str) -> Any:
        """End of service."""
        return self.post(f"/assignments/{assignment_id}/check-out", key=key)

    def my_assignments(self) -> tuple[Assignment, ...]:
        """The reader's own assignments."""
        return self.every(Assignment, "/assignments/mine")

    def my_assignments_between(self, starts: datetime, ends: datetime) -> tuple[Assignment, ...]:
        """The reader's own assignments in a stretch of time, whatever became of them."""
        params = {"when": "all", "from": clock.iso(starts), "to": clock.iso(ends)}
        return self.every(Assignment, "/assignments/mine", params=params)

    def assignments_of(self, person_id: str, when: str = "upcoming") -> tuple[Assignment, ...]:
        """Somebody's assignments ahead, or the last ones (staff)."""
        params = {"when": when, "limit": 20}
        return self.page(Assignment, f"/volunteers/{person_id}/assignments", params=params).items

    def audience(self, session_id: str) -> int:
        """How many volunteers a change of this session would reach (staff)."""
        return int(self.get(f"/sessions/{session_id}/audience")["volunteers"])
