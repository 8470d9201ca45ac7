"""What the desk asks of booking beyond the line: displays, acts made offline, conflicts, the paper sheet."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, Json, Text, read, read_all
from services.web.clients.queue import QueueSession, Visit


@dataclass(frozen=True)
class Display:
    """A screen that shows a session's wall. State: ok | silent | behind | closed."""

    id: str
    session_id: str
    number: int
    name: str
    sound: str
    state: str
    silent_seconds: int
    session: QueueSession

    @property
    def well(self) -> bool:
        """Alive, up to date and heard."""
        return self.state == "ok" and self.sound in ("voice", "chime")


@dataclass(frozen=True)
class SessionDisplays:
    """The displays of a session; `open_conflicts` wait for a decision."""

    items: tuple[Display, ...] = ()
    open_conflicts: int = 0


@dataclass(frozen=True)
class Conflict:
    """An act that did not fit: what was meant, why not, how its person stands."""

    act_id: str
    session_id: str
    kind: str
    given: Json
    actor_id: str
    occurred_at: datetime
    recorded_at: datetime
    reason: Text
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    stands: Visit | None = None


@dataclass(frozen=True)
class Conflicts:
    """The conflicts of a session; `open` counts those that wait for a decision."""

    open: int
    items: tuple[Conflict, ...]


@dataclass(frozen=True)
class SheetRow:
    """One device that is expected or in line."""

    ticket_id: str
    category_id: int
    state: str
    appointment_id: str | None = None
    number: str | None = None
    person_id: str | None = None
    name: str | None = None
    starts_at: datetime | None = None
    arrived_at: datetime | None = None
    brand: str = ""
    bench: int | None = None


@dataclass(frozen=True)
class Sheet:
    """What the fallback sheet prints."""

    session: QueueSession
    at: datetime
    rows: tuple[SheetRow, ...]


class DeskCalls(Client):
    """Booking's calls around a desk without a connection."""

    def beat(self, session_id: str, display_id: str, body: Json) -> int:
        """Say that a display lives; its number there."""
        path = f"/sessions/{session_id}/displays/{display_id}"
        return int(self.put(path, body, front=True)["number"])

    def displays(self, session_id: str) -> SessionDisplays:
        """The displays of a session, and how many conflicts wait for a decision."""
        return read(SessionDisplays, self.get(f"/sessions/{session_id}/displays"))

    def all_displays(self) -> tuple[Display, ...]:
        """All displays of the last hours (staff)."""
        return read_all(Display, self.get("/displays")["items"])

    def forget_display(self, session_id: str, display_id: str) -> None:
        """Take a display off the list."""
        self.delete(f"/sessions/{session_id}/displays/{display_id}")

    def desk_act(self, session_id: str, body: Json, key: str) -> Json:
        """Do an act that was made offline."""
        return dict(self.post(f"/sessions/{session_id}/desk-acts", body, key=key))

    def conflicts(self, session_id: str) -> Conflicts:
        """What waits for a decision, and what was decided."""
        return read(Conflicts, self.get(f"/sessions/{session_id}/desk-conflicts"))

    def decide_conflict(self, act_id: str, decision: str, key: str) -> None:
        """mine, theirs or dismissed."""
        self.post(f"/desk-conflicts/{act_id}/decide", {"decision": decision}, key=key)

    def sheet(self, session_id: str) -> Sheet:
        """The rows of the fallback sheet."""
        return read(Sheet, self.get(f"/sessions/{session_id}/sheet"))

    def type_in(self, session_id: str, row: Json, key: str) -> Json:
        """Take one row of the paper in."""
        return dict(self.post(f"/sessions/{session_id}/sheet-rows", row, key=key))
