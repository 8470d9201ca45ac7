"""What happened that afternoon, as plain facts: who came, waited, was called, left; what the report counts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.bench.afternoon.plan import Client

LATEST = timedelta(minutes=10)  # after a turn, nobody who comes new may go first (decision 0007)
ON_TIME, LATE, WALK_IN, REWORK, DISPLACED = "on_time", "late", "walk_in", "rework", "displaced"
KINDS = (ON_TIME, LATE, WALK_IN, REWORK, DISPLACED)


@dataclass
class Wait:
    """Somebody who is here: what they were told when they arrived, and what became of it.

    `turn` is the moment that orders the line, by the written rule. `recorded` is None while a desk
    without a network knows of them alone. `passed_by` counts who arrived later and was called
    first, `overtaken` those of them that the rule forbids.
    """

    client: Client
    kind: str
    arrived: datetime
    turn: datetime
    recorded: datetime | None = None
    told: tuple[int, int] | None = None
    number: str = ""
    visit_id: str = ""
    ticket_id: str = ""
    key: str | None = None
    waiting: bool = True
    called: datetime | None = None
    calls: int = 0
    left: bool = False
    passed_by: int = 0
    overtaken: int = 0

    @property
    def minutes(self) -> float | None:
        """How long they really waited for their first call."""
        return (self.called - self.arrived).total_seconds() / 60 if self.called else None

    @property
    def since_told(self) -> float | None:
        """How long the call took from the moment the range was told."""
        if self.called is None or self.recorded is None:
            return None
        return max(0.0, (self.called - self.recorded).total_seconds() / 60)


@dataclass
class Record:
    """One afternoon as it happened. `outcomes` are by client; `exported` and `oversold` from the suite's books."""

    devices: int
    no_shows: int
    waits: list[Wait] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)
    out_of_turn: int = 0
    refused: list[str] = field(default_factory=list)
    offline_acts: int = 0
    conflicts: list[str] = field(default_factory=list)
    undecided: int = 0
    exported: int = 0
    oversold: int = 0
    browser: dict[str, float] = field(default_factory=dict)

    def call(self, called: Wait, now: datetime, *, seen: bool = True) -> None:
        """Note a call: who was passed by, and (where the whole line was `seen`) whether it was in turn."""
        called.waiting = False
        called.calls += 1
        if seen:
            earlier = (one for one in self.waits if one.waiting and one.turn < called.turn)
            self.out_of_turn += any(earlier)
        if called.called is not None:
            return
        called.called = now
        for other in self.waits:
            if other.called is None and not other.left and other.arrived < called.arrived:
                other.passed_by += 1
                other.overtaken += called.arrived > other.turn + LATEST
