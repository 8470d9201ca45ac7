"""Staffing templates and changes to the staffing of many sessions, at catalog."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Text, read, read_all


@dataclass(frozen=True)
class Need:
    """Volunteers that a session needs for a stretch of its time."""

    role: Text
    skill: str | None
    needed: int
    at_most: int
    starts_at: datetime
    ends_at: datetime
    position: int = 0
    level: int = 1

    @property
    def name(self) -> tuple[str, str | None]:
        """By what it is found in other sessions."""
        return self.role.zh, self.skill


@dataclass(frozen=True)
class Entry:
    """A shift of a template, in minutes after the start of a session."""

    role: Text
    skill: str | None
    needed: int
    at_most: int
    level: int = 1
    from_minutes: int = 0
    until_minutes: int | None = None


@dataclass(frozen=True)
class StaffingTemplate:
    """The shifts that a kind of session usually has."""

    id: str
    title: Text
    entries: tuple[Entry, ...]
    state: str
    version: int


@dataclass(frozen=True)
class Look:
    """What would become of one session."""

    session_id: str
    version: int
    changes: bool
    before: tuple[Need, ...]
    after: tuple[Need, ...]
    problem: Text | None


@dataclass(frozen=True)
class Wish:
    """What was done: by which act, to which role."""

    op: str
    role: str = ""


@dataclass(frozen=True)
class StaffingChange:
    """A change of many sessions that was made."""

    id: str
    edit: Wish
    count: int
    made_at: datetime
    undo_until: datetime
    undone_at: datetime | None


class StaffingCalls(Client):
    """What catalog does with the shifts of many sessions (staff)."""

    def staffing_templates(self) -> tuple[StaffingTemplate, ...]:
        """All templates."""
        return self.every(StaffingTemplate, "/staffing-templates")

    def staffing_template(self, template_id: str) -> StaffingTemplate:
        """One template."""
        return read(StaffingTemplate, self.get(f"/staffing-templates/{template_id}"))

    def staffing_changes(self) -> tuple[StaffingChange, ...]:
        """The last changes, the newest first."""
        return read_all(StaffingChange, self.get("/staffing-changes")["items"])

    def look_at_staffing(self, asked: Json) -> tuple[Look, ...]:
        """What a change would make of each session."""
        return read_all(Look, self.post("/staffing-changes/preview", asked)["items"])

    def change_staffing(self, asked: Json, key: str) -> StaffingChange:
        """Change all of these sessions, as they were seen."""
        return read(StaffingChange, self.post("/staffing-changes", asked, key=key))

    def undo_staffing(self, change_id: str, key: str) -> int:
        """Take a change back; return how many sessions keep what they have since."""
        return len(self.post(f"/staffing-changes/{change_id}/undo", key=key)["left"])
