"""Policies and the term calendar as the pages see them."""

from dataclasses import dataclass
from datetime import date, datetime

from services.web.clients.base import Client, Json, Text, read, read_all


@dataclass(frozen=True)
class Taken:
    """A category that is taken, and its usual minutes."""

    id: int
    minutes: int | None


@dataclass(frozen=True)
class Policy:
    """An offering's rules; None leaves a rule to the session."""

    offering_id: str
    version: int
    opens_days: int | None
    opens_at: str | None
    horizon_days: int | None
    notice_minutes: int
    cancel_cutoff_minutes: int | None
    move_cutoff_minutes: int | None
    buffer_minutes: int
    max_devices: int | None
    week_limit: int | None
    term_limit: int | None
    categories: tuple[Taken, ...]
    blackouts: tuple[Json, ...]
    closed_on_holidays: bool
    closed_in_exam_weeks: bool
    waiver: Text | None
    waiver_version: int | None


@dataclass(frozen=True)
class Sentence(Text):
    """A sentence with its code."""

    code: str = ""


@dataclass(frozen=True)
class PreviewSlot:
    """A slot and its last moments."""

    starts_at: datetime
    ends_at: datetime
    book_until: datetime
    cancel_until: datetime
    move_until: datetime


@dataclass(frozen=True)
class PreviewSession:
    """What a policy would mean for a session."""

    id: str
    title: Text
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    opens_by: str
    max_devices: int
    slots: tuple[PreviewSlot, ...]
    told: Sentence
    told_today: Sentence
    notes: tuple[Sentence, ...]


@dataclass(frozen=True)
class PreviewDay:
    """A day of the week that is looked at."""

    on: date
    week: int | None
    kind: str | None
    name: Text | None
    follows: int | None
    closed_for: Text | None
    sessions: tuple[PreviewSession, ...]


@dataclass(frozen=True)
class Limit:
    """How many bookings one may hold in a period, and how many one holds."""

    most: int
    held: int | None


@dataclass(frozen=True)
class Waiver:
    """The text to agree to, and whether one has."""

    version: int
    text: Text
    agreed: bool | None


@dataclass(frozen=True)
class Rules:
    """What binds in a session."""

    session_id: str
    opens_at: datetime
    closes_at: datetime
    notice_minutes: int
    cancel_cutoff_minutes: int
    move_cutoff_minutes: int
    max_devices: int
    categories: tuple[int, ...]
    week: Limit | None
    term: Limit | None
    closed_for: Text | None
    waiver: Waiver | None


@dataclass(frozen=True)
class Term:
    """A term: `starts_on` is the Monday of week 1."""

    id: str
    version: int
    name: Text
    starts_on: date
    ends_on: date
    weeks: int
    exam_weeks: tuple[int, ...]
    holidays: tuple[Json, ...]
    moved_days: tuple[Json, ...]
    sections: tuple[Json, ...] = ()


class PolicyCalls(Client):
    """Booking's part."""

    def policy(self, offering_id: str) -> Policy:
        """An offering's policy."""
        return read(Policy, self.get(f"/offerings/{offering_id}/policy"))

    def save_policy(self, offering_id: str, rules: Json, version: int) -> None:
        """Write it against the version one has seen."""
        self.put(f"/offerings/{offering_id}/policy", rules, version=version)

    def preview_policy(self, offering_id: str, rules: Json, week: date) -> tuple[PreviewDay, ...]:
        """What it would mean for a week."""
        asked = {**rules, "week": week.isoformat()}
        answer = self.post(f"/offerings/{offering_id}/policy/preview", asked)
        return read_all(PreviewDay, answer["days"])

    def rules(self, session_id: str) -> Rules:
        """What binds in a session."""
        return read(Rules, self.get(f"/sessions/{session_id}/rules"))


class CalendarCalls(Client):
    """Catalog's part."""

    def terms(self) -> tuple[Term, ...]:
        """The terms, the latest first."""
        return read_all(Term, self.get("/terms")["items"])

    def term(self, term_id: str) -> Term:
        """One term."""
        return read(Term, self.get(f"/terms/{term_id}"))

    def add_term(self, fields: Json, key: str) -> Term:
        """Add a term."""
        return read(Term, self.post("/terms", fields, key=key))

    def save_term(self, term_id: str, fields: Json, version: int) -> None:
        """Change a term against the version one has seen."""
        self.put(f"/terms/{term_id}", fields, version=version)

    def archive_term(self, term_id: str, key: str) -> None:
        """Take a term out of the calendar."""
        self.post(f"/terms/{term_id}/archive", key=key)
