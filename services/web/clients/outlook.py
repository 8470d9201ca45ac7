"""What the desk asks of booking about how the line goes on, as it stands and with another crew."""

from dataclasses import dataclass
from datetime import datetime

from services.web.clients.base import Client, read
from services.web.clients.queue import Wait


@dataclass(frozen=True)
class Point:
    """The wait of somebody without a booking who comes then: minutes."""

    at: datetime
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class PastWait:
    """Somebody who was called: when they came, and how many minutes they waited."""

    at: datetime
    waited: float
    booked: bool


@dataclass(frozen=True)
class Ends:
    """Between these two the last device will be done."""

    low: datetime
    high: datetime


@dataclass(frozen=True)
class Outlook:
    """How waits were, and how they will go on."""

    at: datetime
    on_duty: int
    points: tuple[Point, ...]
    past: tuple[PastWait, ...]
    ends: Ends | None = None


@dataclass(frozen=True)
class Going:
    """One side of a comparison; None cannot be told."""

    on_duty: int
    points: tuple[Point, ...]
    wait: Wait | None = None
    busiest: Wait | None = None
    ends: Ends | None = None


@dataclass(frozen=True)
class WhatIf:
    """The line as it stands and with another crew; `changes` is false where benches set the limit."""

    at: datetime
    benches: int
    changes: bool
    busiest_at: datetime
    before: Going
    after: Going


class OutlookCalls(Client):
    """Booking's calls about how the line goes on."""

    service = "booking"

    def outlook(self, session_id: str) -> Outlook:
        """How waits were and how they will go on until closing (staff and its volunteers)."""
        return read(Outlook, self.get(f"/sessions/{session_id}/outlook"))

    def what_if(self, session_id: str, more: str, from_: str, to: str) -> WhatIf:
        """The waits with some volunteers more or fewer for a while (staff)."""
        params = {"more": more, "from": from_, "to": to}
        return read(WhatIf, self.get(f"/sessions/{session_id}/what-if", params=params))
