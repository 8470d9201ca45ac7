"""Drives the planned afternoon through a suite on a simulated clock: one event after the other."""

import heapq
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from playwright.sync_api import Error as BrowserError

from deploy import acts
from deploy.driver import Account, Api, TookTooLong
from services.booking.models.visit import GRACE, turn
from shared import clock
from shared.clock import iso
from shared.http_client import Problem
from shared.ids import new_id
from tests.bench.afternoon.centre import Centre
from tests.bench.afternoon.minutes_offline import Gap, decided
from tests.bench.afternoon.offline import Notes, PageNotes
from tests.bench.afternoon.plan import BOOKED, REWORK, WALK_IN, Afternoon, Client
from tests.bench.afternoon.record import DISPLACED, LATE, ON_TIME, Record, Wait
from tests.bench.afternoon.windows import Windows

WALK_TO_BENCH = timedelta(seconds=40)
COMES_BACK = timedelta(minutes=6)  # well within the twenty minutes that keep a turn
GIVES_UP_CALLING = timedelta(minutes=2)
LOOKS_AGAIN = timedelta(minutes=1)
WORKED_OFF = timedelta(minutes=90)  # the line is worked off after closing

TOLD_EVERY = 10  # devices

Act = Callable[[datetime], None]


class Day:
    """The afternoon as it happens. `heap` holds what comes next: (instant, order, act)."""

    def __init__(
        self,
        afternoon: Afternoon,
        centre: Centre,
        windows: Windows | None,
        progress: Callable[[str], object],
    ) -> None:
        self.afternoon, self.centre, self.windows = afternoon, centre, windows
        self.staff: Account = centre.staff
        self.session_id = centre.session_id
        self.progress = progress
        self.record = Record(len(afternoon.clients), afternoon.no_shows)
        self.by_visit: dict[str, Wait] = {}
        self.gap: Gap | None = None
        self._heap: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def at(self, moment: datetime, act: Act) -> None:
        """Do something at an instant."""
        heapq.heappush(self._heap, (moment, next(self._order), act))

    def run(self) -> None:
        """Let the afternoon pass; what the suite refuses against the plan is kept for the report."""
        self._plan()
        ends = self.afternoon.closes + WORKED_OFF
        while self._heap and self._heap[0][0] <= ends:
            moment, _, act = heapq.heappop(self._heap)
            clock.current().set(
                moment, speed=0
            )  # however long the machine takes, nobody waits for it
            if self.windows:
                self.windows.clock_shows(moment)
            try:
                act(moment)
            except (Problem, BrowserError, LookupError, TookTooLong) as problem:
                self._refused(moment, problem)

    def _refused(self, moment: datetime, problem: Exception) -> None:
        what = f"{moment:%H:%M:%S} {str(problem)[:300]}"
        self.record.refused.append(what)
        self.progress(f"refused: {what}")
        if self.windows and isinstance(problem, BrowserError):
            self.windows.picture()

    def _plan(self) -> None:
        for client in self.afternoon.clients:
            if client.comes_at is not None:
                self.at(client.comes_at, partial(self.arrive, client))
        for bench in range(1, self.centre.volunteers + 1):
            self.at(self.afternoon.opens + timedelta(seconds=bench), partial(self.call, bench))
        gone, back = self.afternoon.wifi_gone
        self.at(gone, self.lose_wifi)
        self.at(gone + LOOKS_AGAIN, self.one_leaves)
        self.at(back, self.find_wifi)
        self.at(self.afternoon.drops_at, self.drop)

    # ---- arriving

    def arrive(self, client: Client, now: datetime) -> None:
        """Check somebody in, or give them a number; keep the range they are told."""
        if self.gap:
            self.gap.arrive(self._came(client, now))
            return
        place = self._checked_in(client) if client.kind == BOOKED else None
        wait = self._came(client, now, displaced=client.kind == BOOKED and place is None)
        if place is None:
            name, device = f"到访{client.index}", self.centre.brings(client)
            place = acts.walk_in(self.staff, self.session_id, name, [device])
            if self.windows:
                self.windows.watch_ticket(place)
        self.known(wait, place)
        wait.recorded = clock.now()
        told = place["wait"]
        wait.told = (int(told["low"]), int(told["high"])) if told else None

    def known(self, wait: Wait, place: dict[str, Any]) -> None:
        """Remember under which ids the suite knows somebody."""
        wait.visit_id, wait.number = place["visit"]["id"], place["visit"]["number"]
        wait.ticket_id, wait.key = place["devices"][0]["id"], place["key"]
        self.by_visit[wait.visit_id] = wait

    def _came(self, client: Client, now: datetime, *, displaced: bool = False) -> Wait:
        starts = None if displaced else self.afternoon.slot_starts(client)
        kind = DISPLACED if displaced else client.kind
        if starts is not None:
            kind = LATE if now > starts + GRACE else ON_TIME
        elif self.gap and kind == REWORK:
            kind = WALK_IN  # a desk without a network knows nothing of last week
        turn_at = turn(now, starts, self.afternoon.opens, prior=kind == REWORK)
        wait = Wait(client, kind, now, turn_at)
        self.record.waits.append(wait)
        return wait

    def _checked_in(self, client: Client) -> dict[str, Any] | None:
        """Check in with a booking; None where a volunteer fell away and the place with them."""
        appointment = self.centre.appointments[client.index]
        if self.windows and self.windows.takes(client.index):
            return self.windows.check_in(appointment)
        try:
            return acts.arrive(self.staff, self.session_id, appointment)
        except Problem as problem:
            if problem.code != "not_live":
                raise
        return None

    # ---- at the benches

    def call(self, bench: int, now: datetime) -> None:
        """Call the next in line to a bench; look again in a minute while nobody waits."""
        if bench in self.centre.gone:
            return
        wait = self.gap.call(bench) if self.gap else self._called(bench)
        if wait is None:
            self.at(now + LOOKS_AGAIN, partial(self.call, bench))
            return
        if wait.left:  # they are gone, and a desk without a network cannot know
            self.at(now + GIVES_UP_CALLING, partial(self.call, bench))
            return
        self.record.call(wait, now, seen=self.gap is None)
        if wait.client.misses_first_call and wait.calls == 1 and self.gap is None:
            self.at(now + GIVES_UP_CALLING, partial(self.absent, bench, wait))
        else:
            self.at(now + WALK_TO_BENCH, partial(self.start, bench, wait))

    def _called(self, bench: int) -> Wait | None:
        if self.windows and self.windows.runs(bench):
            visit = self.windows.call(bench)
        else:
            visit = acts.call_next(self.staff, self.session_id, bench)
        return self.by_visit[visit["id"]] if visit else None

    def absent(self, bench: int, wait: Wait, now: datetime) -> None:
        """Nobody came: the next is called, and this one comes back a little later."""
        if self.gap:
            self.gap.notes.absent(wait.number, bench)
        else:
            self.staff.post("booking", f"/visits/{wait.visit_id}/absent")
        self.at(now + COMES_BACK, partial(self.come_back, wait))
        self.call(bench, now)

    def come_back(self, wait: Wait, _: datetime) -> None:
        """Stand in line again."""
        if self.gap:
            self.gap.notes.back(wait.number)
        else:
            self.staff.post("booking", f"/visits/{wait.visit_id}/return")
        wait.waiting = True

    def start(self, bench: int, wait: Wait, now: datetime) -> None:
        """Begin to repair."""
        if self.gap:
            self.gap.start(wait, bench, now)
        elif self.windows and self.windows.runs(bench):
            self.windows.start(bench)
        else:
            self.begin(wait, bench)
        self.at(now + timedelta(minutes=wait.client.minutes), partial(self.close, bench, wait))

    def begin(self, wait: Wait, bench: int, began: datetime | None = None) -> None:
        """Say by the API that work begins, or when it began."""
        body = {"bench": bench, **({"occurred_at": iso(began)} if began else {})}
        self.staff.post("booking", f"/tickets/{wait.ticket_id}/start", body)

    def close(self, bench: int, wait: Wait, now: datetime) -> None:
        """Say what came of it, and call the next."""
        outcome = wait.client.outcome
        said = {"status": outcome.status}
        if outcome.barrier:
            said["barrier"] = outcome.barrier
        if self.gap:
            self.gap.close(wait, said)
        elif not (self.windows and self.windows.runs(bench) and self.windows.close(said)):
            self.staff.post("booking", f"/tickets/{wait.ticket_id}/close", said)
        self.record.outcomes[wait.client.index] = outcome.status
        self._tell(now)
        self.call(bench, now)

    def _tell(self, now: datetime) -> None:
        served = len(self.record.outcomes)
        if served % TOLD_EVERY == 0:
            self.progress(f"{now:%H:%M}  {served} of {self.record.devices} devices")

    # ---- what goes wrong

    def lose_wifi(self, _: datetime) -> None:
        """The room has no network: the desk goes on with the line as it saw it last."""
        queue = self.staff.get("booking", f"/sessions/{self.session_id}/queue")
        seen = [self.by_visit[one["id"]] for one in queue["waiting"]]
        if self.windows:
            self.windows.cut(queue)
            notes: Notes | PageNotes = PageNotes(self.windows.desk, self.staff)
        else:
            notes = Notes(self.staff, self.session_id)
        self.gap = Gap(notes, self.centre, seen)

    def one_leaves(self, _: datetime) -> None:
        """The first in line with a ticket's link goes home, and says so over a network of their own."""
        wait = next((one for one in self.gap.seen if one.key), None) if self.gap else None
        if wait is not None:
            path = f"/visits/{wait.visit_id}/leave"
            self.centre.api.call("booking", "POST", path, json={"key": wait.key}, key=new_id())
            wait.left, wait.waiting = True, False

    def find_wifi(self, _: datetime) -> None:
        """The network is back: what was kept is sent in order, and what does not fit is decided."""
        gap = self.gap
        if gap is None:
            return
        if self.windows:
            self.windows.mend()
        numbers = gap.notes.send()
        self.gap = None
        self.record.offline_acts = gap.notes.acts
        gone = {one.number for one in self.record.waits if one.left}
        self.record.conflicts, self.record.undecided = decided(self.centre, self.windows, gone)
        for wait in gap.came:
            self.known(wait, gap.found(wait, numbers))
        for wait, bench, began in gap.begun.values():
            self.begin(wait, bench, began)

    def drop(self, now: datetime) -> None:
        """One volunteer has to go: their bench ends with the device that lies on it.

        The coordinator keeps everybody by hand for whom there is time to decide.
        """
        clock.current().set(now)  # what is tried again later must come to be later
        self.centre.leave(iso(now))
        self.centre.keep_everybody()


def played(
    afternoon: Afternoon,
    api: Api,
    progress: Callable[[str], object],
    seed: int,
    windows: Windows | None = None,
) -> Day:
    """Set the centre up, book everybody in, let the afternoon pass; return what happened."""
    chance = random.Random(seed)
    clock.current().set(afternoon.opens - timedelta(days=9))
    centre = Centre(api, afternoon)
    centre.set_up(chance)
    centre.book(chance)
    clock.current().set(afternoon.opens - timedelta(minutes=30))
    centre.check_in_volunteers()
    if windows:
        windows.open(centre.session_id, centre.staff)
    day = Day(afternoon, centre, windows, progress)
    day.run()
    day.record.oversold = centre.oversold()
    if windows:
        day.record.browser = windows.figures()
    return day
