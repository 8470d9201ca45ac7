"""What a replay is made of: each event as a session with its day, its benches and its devices."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from deploy.repair_data import Event, Events, Outcome

ZONE = ZoneInfo("Asia/Shanghai")
WALK_INS = 0.2
SEED = 20_260_901
OPENS, CLOSES = 9, 19  # o'clock in ZONE
SLOT_MINUTES = 15
SLOTS = (CLOSES - OPENS) * 60 // SLOT_MINUTES
PER_BENCH = 2
TRIAL_GAP = timedelta(days=2)


@dataclass
class Run:
    """One event on its way through the suite."""

    event: Event
    outcomes: list[Outcome]
    day: date
    booked: list[Outcome] = field(default_factory=list)
    walking: list[Outcome] = field(default_factory=list)
    crew: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    session_id: str = ""
    appointments: list[str] = field(default_factory=list)
    assignments: list[str] = field(default_factory=list)
    tickets: dict[str, Outcome] = field(default_factory=dict)

    @property
    def benches(self) -> int:
        """Return how many benches the booked devices need."""
        return max(1, -(-len(self.booked) // (SLOTS * PER_BENCH // 2)))

    def at(self, hour: int) -> datetime:
        """Return an hour of the session's day."""
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=ZONE)
        return midnight + timedelta(hours=hour)


def split(run: Run, chance: random.Random) -> Run:
    """Decide which of the run's devices are booked, and which are brought without."""
    for outcome in run.outcomes:
        (run.walking if chance.random() < WALK_INS else run.booked).append(outcome)
    return run


def days_ahead(events: Events) -> dict[Event, date]:
    """Put the events on dates ahead, in their order, as far apart as they were in fact."""
    today = datetime.now(ZONE).date()
    dates = sorted({day for _, day in events})
    shift = today + TRIAL_GAP - dates[0]
    return {event: event[1] + shift for event in events}


def batches(runs: list[Run], days_at_once: int) -> Iterator[list[Run]]:
    """Cut the runs into stretches of so many days."""
    days = [list(group) for _, group in groupby(runs, key=lambda run: run.day)]
    while days:
        now, days = days[:days_at_once], days[days_at_once:]
        yield [run for runs in now for run in runs]


def device(outcome: Outcome) -> dict[str, object]:
    """Return a device as it is booked."""
    return {
        "category_id": outcome.category_id,
        "brand": outcome.brand,
        "problem": outcome.problem,
    }


def closing(outcome: Outcome) -> dict[str, object]:
    """Return an outcome as a ticket is closed with it."""
    body: dict[str, object] = {"status": outcome.status}
    return {**body, "barrier": outcome.barrier} if outcome.barrier else body
