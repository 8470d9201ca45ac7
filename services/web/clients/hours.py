"""Hours as the front sees them: what counts now, the entries it follows from, objections, reviews, policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.web.clients.base import Json, Page, Text, read, read_all
from services.web.clients.volunteers import VolunteerCalls


@dataclass(frozen=True)
class Entry:
    """A line of the ledger."""

    number: int
    kind: str
    minutes: int
    change: int
    checked_in_at: datetime
    checked_out_at: datetime
    pause_minutes: int
    reason: str
    noted_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Policy:
    """A version of the policy about rounding and objecting."""

    version: int
    rounding: str
    step_minutes: int
    day_cap_minutes: int | None
    objection_days: int
    valid_from: date
    made_by: str = ""


@dataclass(frozen=True)
class Objection:
    """What a volunteer said against an entry or an absence, and the answer."""

    id: str
    assignment_id: str
    person_id: str
    about: int
    words: str
    state: str
    raised_at: datetime
    answer: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    session_title: Text | None = None
    role: Text | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class HoursLine:
    """Minutes really served on one assignment, as they count now."""

    assignment_id: str
    session_id: str
    minutes: int
    checked_in_at: datetime
    checked_out_at: datetime
    session_title: Text | None = None
    role: Text | None = None
    venue_name: Text | None = None
    person_id: str = ""
    version: int = 1
    pause_minutes: int = 0
    closed_by_rule: bool = False
    trial: bool = False
    month: str = ""
    look: str = ""
    entries: tuple[Entry, ...] = ()
    objections: tuple[Objection, ...] = ()
    object_until: datetime | None = None
    can_object: bool = False
    policy_version: int = 1
    shift_starts_at: datetime | None = None
    shift_ends_at: datetime | None = None

    @property
    def corrected(self) -> bool:
        """Whether a coordinator put it right."""
        return any(one.kind == "correction" for one in self.entries)

    @property
    def waiting(self) -> bool:
        """Whether an objection waits for a decision."""
        return any(one.state == "open" for one in self.objections)


@dataclass(frozen=True)
class Hours:
    """Service hours, newest first; rounded where one person is asked about."""

    items: tuple[HoursLine, ...]
    total_minutes: int
    rounded_minutes: int | None = None
    policy: Policy | None = None
    next_cursor: str | None = None


@dataclass(frozen=True)
class Attendance:
    """Somebody on a shift who did not come, whom nobody marked yet, or who has not checked out."""

    assignment_id: str
    session_id: str
    person_id: str
    session_title: Text
    role: Text
    starts_at: datetime
    ends_at: datetime
    state: str
    excused: bool | None
    reason: str
    can_object: bool
    objections: tuple[Objection, ...] = ()
    object_until: datetime | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True)
class Period:
    """A month or a quarter of the ledger."""

    name: str
    kind: str
    state: str
    first: date
    last: date
    over: bool
    checked_by: str | None = None
    checked_at: datetime | None = None
    crossed_by: str | None = None
    crossed_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    closed_minutes: int | None = None
    closed_people: int | None = None


@dataclass(frozen=True)
class Figures:
    """What the ledger of a period comes to now."""

    minutes: int
    people: int
    services: int
    entries: int
    corrections: int
    after_closing: int


@dataclass(frozen=True)
class Point:
    """Something to look at, and how many."""

    code: str
    count: int
    until: datetime | None = None


@dataclass(frozen=True)
class Act:
    """What somebody did in a review."""

    act: str
    note: str
    minutes: int
    entries: int
    done_by: str
    done_at: datetime


@dataclass(frozen=True)
class Review:
    """A period under review."""

    period: Period
    months: tuple[Period, ...]
    figures: Figures
    open: tuple[Point, ...]
    look: tuple[Point, ...]
    acts: tuple[Act, ...]
    more_since: int


class HoursCalls(VolunteerCalls):
    """Calls about hours."""

    def my_hours(self, cursor: str | None = None) -> Hours:
        """The reader's service hours."""
        return read(Hours, self.get("/hours/mine", params=_given(cursor=cursor)))

    def hours_of(self, person_id: str) -> Hours:
        """Somebody's service hours (staff)."""
        return read(Hours, self.get("/hours", params={"person_id": person_id}))

    def hours_page(self, **asked: Any) -> Hours:
        """One page of hours, as far as they are wanted (staff)."""
        return read(Hours, self.get("/hours", params=_given(**asked)))

    def hours_line(self, assignment_id: str) -> HoursLine:
        """The hours of one assignment."""
        return read(HoursLine, self.get(f"/hours/{assignment_id}"))

    def correct(self, assignment_id: str, body: Json, key: str) -> None:
        """Add an entry that puts hours right (staff)."""
        self.post(f"/hours/{assignment_id}/corrections", body, key=key)

    def object_to(self, assignment_id: str, words: str, seen: int, key: str) -> None:
        """Object to what was recorded of the reader."""
        body = {"words": words, "seen": seen}
        self.post(f"/assignments/{assignment_id}/objections", body, key=key)

    def objections(self, state: str, cursor: str | None = None) -> Page:
        """One page of objections (staff)."""
        return self.page(Objection, "/objections", params=_given(state=state, cursor=cursor))

    def decide(self, objection_id: str, body: Json, key: str) -> None:
        """Decide about an objection (staff)."""
        self.post(f"/objections/{objection_id}/decision", body, key=key)

    def my_absences(self) -> Page:
        """The reader's absences, the newest."""
        return self.page(Attendance, "/absences/mine", params={"limit": 50})

    def attendance(self, month: str, kind: str, cursor: str | None = None) -> Page:
        """Who of a month was absent, is not marked yet, or has not checked out (staff)."""
        asked = _given(month=month, kind=kind, cursor=cursor)
        return self.page(Attendance, "/absences", params=asked)

    def absence(self, assignment_id: str) -> Attendance:
        """How the attendance of one assignment stands."""
        return read(Attendance, self.get(f"/assignments/{assignment_id}/absence"))

    def mark_absent(self, assignment_id: str, body: Json, key: str) -> None:
        """Note that somebody did not come (staff)."""
        self.post(f"/assignments/{assignment_id}/absent", body, key=key)

    def set_absence(self, assignment_id: str, body: Json) -> None:
        """Say whether an absence had a reason (staff)."""
        self.put(f"/assignments/{assignment_id}/absence", body)

    def periods(self) -> tuple[Period, ...]:
        """Months and quarters that have something in them (staff)."""
        return read_all(Period, self.get("/periods")["items"])

    def review(self, name: str) -> Review:
        """A period under review (staff)."""
        return read(Review, self.get(f"/periods/{name}"))

    def review_step(self, name: str, act: str, note: str, key: str) -> None:
        """Do a step of a review (staff)."""
        self.post(f"/periods/{name}/{act}", {"note": note}, key=key)

    def policies(self) -> tuple[tuple[Policy, ...], Policy]:
        """Every version of the policy, the newest first, and the one that holds today."""
        found = self.get("/hours-policies")
        return read_all(Policy, found["items"]), read(Policy, found["current"])

    def try_policy(self, body: Json, minutes: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """What a policy would make of these minutes of a day (staff)."""
        found = self.post("/hours-policies/preview", {**body, "minutes": list(minutes)})
        return tuple((one["minutes"], one["shown"]) for one in found["items"])

    def make_policy(self, body: Json, key: str) -> None:
        """Make the next version of the policy (staff)."""
        self.post("/hours-policies", body, key=key)


def _given(**asked: Any) -> Json:
    return {name: value for name, value in asked.items() if value not in (None, "")}
