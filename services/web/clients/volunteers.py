"""Volunteers as the front sees them: skills with level and expiry, sign-offs, the newcomer's flag."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.web.clients.availability import AvailabilityCalls
from services.web.clients.base import Json, Page, Text, read, read_all


@dataclass(frozen=True)
class Skill:
    """A skill that shifts ask for, and how somebody comes by it."""

    code: str
    title: Text
    offering_id: str | None = None
    proof: str = "sign_off"
    valid_months: int | None = None


@dataclass(frozen=True)
class Grant:
    """A skill that was granted."""

    skill: str
    level: int
    granted_by: str
    granted_at: datetime
    holds: bool
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Volunteer:
    """A volunteer and what they are trained for."""

    person_id: str
    skills: tuple[str, ...] = ()
    active: bool = True
    grants: tuple[Grant, ...] = ()
    newcomer: bool = False
    minutes: int = 0
    shifts: int = 0


@dataclass(frozen=True)
class SignOff:
    """What somebody saw of a volunteer's work."""

    skill: str
    level: int
    passed: bool
    note: str
    signed_by: str
    signed_at: datetime


@dataclass(frozen=True)
class Trained:
    """A training somebody attended, and the skill it leads to."""

    person_id: str
    session_title: Text
    starts_at: datetime
    waits: bool
    completed: bool = True
    skill: str | None = None


@dataclass(frozen=True)
class Way:
    """How somebody came by their skills."""

    sign_offs: tuple[SignOff, ...]
    trainings: tuple[Trained, ...]


class VolunteerCalls(AvailabilityCalls):
    """Calls about volunteers and their skills."""

    def skills(self) -> tuple[Skill, ...]:
        """All skills."""
        return read_all(Skill, self.get("/skills")["items"])

    def save_skill(self, code: str, zh: str, en: str, **rules: Any) -> None:
        """Create a skill, rename it, or change how somebody comes by it."""
        self.put(f"/skills/{code}", {"title": {"zh": zh, "en": en}, **rules})

    def volunteers(self) -> tuple[Volunteer, ...]:
        """All volunteers with their skills (staff)."""
        return self.every(Volunteer, "/volunteers")

    def volunteer_page(self, **asked: Any) -> Page:
        """One page of volunteers, as far as they are wanted (staff)."""
        given = {name: value for name, value in asked.items() if value not in (None, "")}
        return self.page(Volunteer, "/volunteers", params=given)

    def volunteer(self, person_id: str) -> Volunteer:
        """One volunteer (staff)."""
        return read(Volunteer, self.get(f"/volunteers/{person_id}"))

    def me(self) -> Volunteer:
        """The reader as a volunteer."""
        return read(Volunteer, self.get("/volunteers/me"))

    def grant(self, person_id: str, skills: list[str]) -> None:
        """Set somebody's skills (staff)."""
        self.put(f"/volunteers/{person_id}/skills", {"skills": skills})

    def set_skill(self, person_id: str, code: str, level: int, expires_at: str | None) -> None:
        """Let somebody have a skill at a level until a moment (staff)."""
        body = {"level": level, "expires_at": expires_at}
        self.put(f"/volunteers/{person_id}/skills/{code}", body)

    def revoke_skill(self, person_id: str, code: str) -> None:
        """Take a skill away (staff)."""
        self.delete(f"/volunteers/{person_id}/skills/{code}")

    def set_newcomer(self, person_id: str, *, newcomer: bool) -> None:
        """Say whether somebody is still new (staff)."""
        self.put(f"/volunteers/{person_id}/newcomer", {"newcomer": newcomer})

    def way_of(self, person_id: str) -> Way:
        """How somebody came by their skills (staff)."""
        return read(Way, self.get(f"/volunteers/{person_id}/way"))

    def waiting_for_sign_off(self) -> tuple[Trained, ...]:
        """Who waits for a sign-off that the reader may give."""
        return read_all(Trained, self.get("/sign-offs/waiting")["items"])

    def sign_off(self, body: Json, key: str) -> None:
        """Note what was seen of somebody's work."""
        self.post("/sign-offs", body, key=key)
