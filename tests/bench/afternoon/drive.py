"""Drives the planned afternoon through a suite on a simulated clock: one event after the other."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from deploy import acts
from deploy.driver import Account, Api
from shared import clock
from shared.clock import iso
from shared.http_client import Problem
from tests.bench.afternoon.centre import Centre
from tests.bench.afternoon.plan import CLOSES, OPENS, Afternoon, Client

WALK_TO_BENCH = timedelta(seconds=40)
COMES_BACK = timedelta(minutes=6)
GIVES_UP_CALLING = timedelta(minutes=2)
LOOKS_AGAIN = timedelta(minutes=1)
GRACE = timedelta(minutes=90)  # the line is worked off after closing


@dataclass
class Wait:
    """What somebody was told when they arrived, and what became of it."""

    client: Client
    visit_id: str
    arrived: datetime
    told: tuple[int, int] | None
    called: datetime | None = None
    passed_by: int = 0

    @property
    def minutes(self) -> float | None:
        """How long they really waited for their first call."""
        return (self.called - self.arrived).total_seconds() / 60 if self.called else None


@dataclass
class Day:
    """The afternoon as it happens. `heap` holds what comes next: (instant, order, act)."""

    afternoon: Afternoon
    centre: Centre
    progress: Callable[[int], object]
    heap: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    waits: dict[str, Wait] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    displaced: int = 0
    _order: Any = field(default_factory=count)

    @property
    def staff(self) -> Account:
        """Who acts at the desk."""
        return self.centre.staff

    @property
    def session_id(self) -> str:
        """The session of the afternoon."""
        return self.centre.session_id

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Do something at an instant."""
        heapq.heappush(self.heap, (moment, next(self._order), act))

    def run(self) -> None:
        """Let the afternoon pass."""
        opens, closes = self.afternoon.at(OPENS), self.afternoon.at(CLOSES)
        self.ends = closes + GRACE
        for client in self.afternoon.clients:
            if client.comes_at is not None:
                self.at(client.comes_at, partial(self.arrive, client))
        for bench in range(1, self.centre.volunteers + 1):
            self.at(opens + timedelta(seconds=bench), partial(self.call, bench))
        self.at(self.afternoon.drops_at, self.drop)
        while self.heap:
            moment, _, act = heapq.heappop(self.heap)
            if moment > self.ends:
                break
            if moment > clock.now():
                clock.current().set(moment)
            act(moment)

    def arrive(self, client: Client, now: datetime) -> None:
        """Check somebody in, or give them a number; keep the range they are told."""
        device = {
            "category_id": client.outcome.category_id,
            "brand": client.outcome.brand,
            "problem": client.outcome.problem,
        }
        place = None if client.slot is None else self._checked_in(client)
        if place is None:
            name = f"到访{client.index}"
            place = acts.walk_in(self.staff, self.session_id, name, [device])
        told = place["wait"]
        visit = place["visit"]["id"]
        range_ = (int(told["low"]), int(told["high"])) if told else None
        self.waits[visit] = Wait(client, visit, now, range_)

    def _checked_in(self, client: Client) -> dict[str, Any] | None:
        """Check in with a booking; None where a volunteer fell away and the place with them."""
        try:
            return acts.arrive(self.staff, self.session_id, self.centre.appointments[client.index])
        except Problem as problem:
            if problem.code != "not_live":
                raise
        self.displaced += 1
        return None

    def call(self, bench: int, now: datetime) -> None:
        """Call the next in line to a bench; look again in a minute while nobody waits."""
        if bench in self.centre.gone:
            return
        visit = acts.call_next(self.staff, self.session_id, bench)
        if visit is None:
            self.at(now + LOOKS_AGAIN, partial(self.call, bench))
            return
        wait = self.waits[visit["id"]]
        if wait.called is None:
            wait.called = now
            self._passed(wait)
        if wait.client.misses_first_call and visit["calls"] == 1:
            self.at(now + GIVES_UP_CALLING, partial(self.absent, bench, visit))
        else:
            self.at(now + WALK_TO_BENCH, partial(self.start, bench, visit))

    def absent(self, bench: int, visit: dict[str, Any], now: datetime) -> None:
        """Nobody came: the next is called, and this one comes back a little later."""
        self.staff.post("booking", f"/visits/{visit['id']}/absent")
        self.at(now + COMES_BACK, partial(self.come_back, visit))
        self.call(bench, now)

    def come_back(self, visit: dict[str, Any], _: datetime) -> None:
        """Stand in line again."""
        self.staff.post("booking", f"/visits/{visit['id']}/return")

    def start(self, bench: int, visit: dict[str, Any], now: datetime) -> None:
        """Begin to repair."""
        wait = self.waits[visit["id"]]
        [device] = visit["devices"]
        self.staff.post("booking", f"/tickets/{device['id']}/start", {"bench": bench})
        done = now + timedelta(minutes=wait.client.minutes)
        self.at(done, partial(self.close, bench, device["id"], wait.client))

    def close(self, bench: int, ticket: str, client: Client, now: datetime) -> None:
        """Say what came of it, and call the next."""
        said = {"status": client.outcome.status}
        if client.outcome.barrier:
            said["barrier"] = client.outcome.barrier
        self.staff.post("booking", f"/tickets/{ticket}/close", said)
        self.outcomes[ticket] = client.outcome.status
        self.progress(1)
        self.call(bench, now)

    def drop(self, now: datetime) -> None:
        """One volunteer has to go: their bench ends with the device that lies on it.

        The coordinator keeps everybody by hand for whom there is time to decide.
        """
        self.centre.leave(iso(now))
        self.centre.keep_everybody()

    def _passed(self, wait: Wait) -> None:
        """Count for everybody who still waits that somebody who came later went first."""
        for other in self.waits.values():
            if other.called is None and other.arrived < wait.arrived:
                other.passed_by += 1


def played(afternoon: Afternoon, api: Api, progress: Callable[[int], object], seed: int) -> Day:
    """Set the centre up, book everybody in, let the afternoon pass; return what happened."""
    clock.current().set(afternoon.day - timedelta(days=2))
    centre = Centre(api, afternoon)
    centre.set_up()
    centre.book(random.Random(seed))
    clock.current().set(afternoon.at(OPENS) - timedelta(minutes=30))
    centre.check_in_volunteers()
    day = Day(afternoon, centre, progress)
    day.run()
    return day
