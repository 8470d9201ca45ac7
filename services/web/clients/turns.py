"""What booking says of turns: late, a few minutes, another line, parts, undo, and the rules of a line."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.web.clients.base import Client, Json, Text, read, read_all


@dataclass(frozen=True)
class Turn:
    """What the owner of a place may do about their turn now; minutes, and how often it is left."""

    late: bool = False
    late_by: int = 10
    late_left: int = 0
    late_minutes: int = 0
    late_until: datetime | None = None
    snooze: bool = False
    snooze_by: int = 10
    snooze_left: int = 0
    snoozed_until: datetime | None = None
    take_back: bool = False
    switch: bool = False
    keeps_until: datetime | None = None
    closed_by_policy: bool = False
    paused: bool = False


@dataclass(frozen=True)
class OtherSession:
    """The session of another line."""

    id: str
    title: Text
    venue_name: Text
    venue_place: Text
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OtherLine:
    """Another line of today, and how many would be ahead there."""

    session: OtherSession
    ahead: int


@dataclass(frozen=True)
class Late:
    """A booked person who said they come later."""

    id: str
    person_id: str | None
    starts_at: datetime
    late_minutes: int
    kept: bool


@dataclass(frozen=True)
class LastAct:
    """What somebody did last at the desk, and until when it can be taken back."""

    id: str
    act: str
    number: str
    bench: int | None
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Rules:
    """How a line is run."""

    recall_seconds: int = 60
    calls_before_absent: int = 2
    absent_mode: str = "suggest"
    keep_turn_minutes: int = 20
    close_absent_minutes: int | None = 60
    late_minutes: int = 10
    late_times: int = 2
    snooze_minutes: int = 10
    snooze_times: int = 2
    help_minutes: int | None = 60

    def values(self) -> Json:
        """The figures as a form's defaults."""
        return {name: getattr(self, name) for name in asdict(Rules())}


@dataclass(frozen=True)
class LinePolicy(Rules):
    """The rules of a session or an offering; `own`: set there."""

    id: str = ""
    kind: str = ""
    title: Text | None = None
    own: bool = False
    version: int = 0


class TurnCalls(Client):
    """Turns, other lines, parts, undo, the rules of a line."""

    service = "booking"

    def late_booking(self, appointment_id: str, key: str) -> None:
        """Say before arriving that one comes later."""
        self.post(f"/appointments/{appointment_id}/late", key=key)

    def put_off(self, visit_id: str, act: str, access: str | None, key: str) -> None:
        """late, snooze or take-back; as the owner, by the link's key, or as the desk."""
        self.post(f"/visits/{visit_id}/{act}", {"key": access} if access else {}, key=key)

    def other_lines(self, visit_id: str, access: str | None = None) -> tuple[OtherLine, ...]:
        """Where somebody who waits could go over to."""
        params = {"key": access} if access else None
        return read_all(OtherLine, self.get(f"/visits/{visit_id}/lines", params=params)["items"])

    def switch(self, visit_id: str, session_id: str, access: str | None, key: str) -> Json:
        """Go over to another line, with the turn one has."""
        body = {"session_id": session_id, **({"key": access} if access else {})}
        return dict(self.post(f"/visits/{visit_id}/switch", body, key=key))

    def pause(self, ticket_id: str, key: str) -> None:
        """Lay a device aside until its parts are there."""
        self.post(f"/tickets/{ticket_id}/pause", key=key)

    def resume(self, visit_id: str, session_id: str, key: str) -> Json:
        """Put somebody whose parts are there in line, with priority."""
        return dict(self.post(f"/visits/{visit_id}/resume", {"session_id": session_id}, key=key))

    def undo(self, act_id: str, key: str) -> None:
        """Take one's own last act at a desk back."""
        self.post(f"/taps/{act_id}/undo", key=key)

    def line_policy(self, what: str, id: str) -> LinePolicy:
        """The rules of the line of `sessions` or `offerings` (staff)."""
        return read(LinePolicy, self.get(f"/{what}/{id}/line-policy"))

    def set_line_policy(self, what: str, id: str, rules: Json, version: int) -> None:
        """Set them; `version` is what was seen."""
        self.put(f"/{what}/{id}/line-policy", rules, version=version)

    def drop_line_policy(self, what: str, id: str, version: int) -> Any:
        """Go back to the rules that hold otherwise."""
        return self.delete(f"/{what}/{id}/line-policy", version=version)
