"""``make replay``: drive a real Open Repair Data file through the suite, and compare what comes out.

Each (group, date) of the file becomes a session at that group's venue; every row becomes a device that
somebody books (or, a seeded fifth, brings without booking) and that a volunteer closes with the
row's outcome. A throw-away suite lives on a simulated clock, so the real dates and deadlines hold; a
suite at ``--url`` is driven on dates ahead, as a trial that counts in no statistics.
"""

import argparse
import random
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path

from deploy import acts, progress, repair_data
from deploy.driver import Api
from deploy.repair_data import Events, NotRepairData, Outcome
from deploy.replay_runs import (
    CLOSES,
    OPENS,
    PER_BENCH,
    SEED,
    SLOT_MINUTES,
    SLOTS,
    Run,
    batches,
    closing,
    days_ahead,
    device,
    split,
)
from deploy.throw_away import Distributed, Embedded, Running, Suite
from shared import clock

SKILL = "small_appliance"
DAYS_AT_ONCE = 14
PLAN_AHEAD = timedelta(days=1)


class Replay:
    """Drives events through one suite."""

    def __init__(self, suite: Suite, events: Events, days_at_once: int = DAYS_AT_ONCE) -> None:
        self.suite = suite
        self.days_at_once = days_at_once
        self.api = Api(suite.target)
        self.trial = not suite.owns_time
        chance = random.Random(SEED)  # noqa: S311 - a repeatable fifth, no secret
        days = days_ahead(events) if self.trial else {event: event[1] for event in events}
        self.runs = [split(Run(event, rows, days[event]), chance) for event, rows in events.items()]

    def drive(self, done: progress.Update) -> None:
        """Drive every event: while some days are held, the next ones are planned and booked."""
        self._set_time(self.runs[0].at(0) - PLAN_AHEAD)
        self.staff = self.api.sign_in("coordinator", "demo")
        self.admin = self.api.sign_in("admin", "demo")
        self._people()
        self.offering, self.venues = self._offering(), self._venues()
        self.hands = ThreadPoolExecutor(self.suite.hands, "hand")
        ahead = ThreadPoolExecutor(1, "ahead")
        with self.hands, ahead:
            waiting: list[Future[list[Run]]] = []
            for batch in chain(batches(self.runs, self.days_at_once), [[]]):
                waiting.append(ahead.submit(self._prepare, batch))
                if len(waiting) > 1:
                    self._hold_days(waiting.pop(0).result(), done)

    def _prepare(self, batch: list[Run]) -> list[Run]:
        """Publish some days' sessions, then give them their volunteers and bookings."""
        list(self.hands.map(self._plan, batch))
        list(self.hands.map(self._staff, batch))
        list(self.hands.map(self._fill, batch))
        return batch

    def _hold_days(self, batch: list[Run], done: progress.Update) -> None:
        for _, runs in groupby(batch, key=lambda run: run.day):
            today = list(runs)
            self._set_time(today[0].at(OPENS))
            for run in today:
                self._hold(run)
                done(len(run.outcomes))
            self._set_time(today[0].at(CLOSES))
            for run in today:
                self._attend(run, "check-out", run.at(CLOSES))
                self.api.tally.add("sessions")

    def outcomes(self) -> str:
        """Return what the suite exports: Open Repair Data."""
        trial = 1 if self.trial else None
        return self.staff.text("booking", "/exports/open-repair-data", trial=trial)

    def _people(self) -> None:
        """Have as many volunteers and clients as the busiest day needs at once."""
        days = [list(runs) for _, runs in groupby(self.runs, key=lambda run: run.day)]
        clients = max(sum(len(run.booked) for run in runs) for runs in days)
        crew = max(sum(run.benches for run in runs) for runs in days)
        self.clients = self._import("client", clients, "student")
        self.crew = self._import("crew", crew, "volunteer")
        self.staff.put(
            "roster", f"/skills/{SKILL}", {"title": {"zh": "小家电维修", "en": "Appliances"}}
        )
        for person in self.crew:
            acts.grant(self.staff, person, [SKILL])
        for runs in days:  # nobody is in two places on one day
            free_crew, free_clients = iter(self.crew), iter(self.clients)
            for run in runs:
                run.crew = list(islice(free_crew, run.benches))
                run.clients = list(islice(free_clients, len(run.booked)))

    def _import(self, prefix: str, many: int, role: str) -> list[str]:
        logins = [f"replay-{prefix}-{number:03d}" for number in range(many)]
        lines = [f"{login},回放{prefix}{login[-3:]},{role}" for login in logins]
        for start in range(0, len(lines), 200):
            text = "\n".join(["login,name,roles", *lines[start : start + 200]])
            body = {"csv": text, "dry_run": False}
            self.admin.post("identity", "/people/import", body)
        found = self.admin.items("identity", "/people", q=f"replay-{prefix}-", limit=200)
        by_login = {person["login"]: person["id"] for person in found}
        return [by_login[login] for login in logins]

    def _offering(self) -> str:
        body = {
            "kind": "repair",
            "title": {"zh": "真实维修记录回放", "en": "Replay of real repairs"},
            "skill": SKILL,
            "minutes_per_device": SLOT_MINUTES,
            "devices_per_bench": PER_BENCH,
            "max_devices": 1,
        }
        return str(self.staff.post("catalog", "/offerings", body)["id"])

    def _venues(self) -> dict[str, str]:
        groups = sorted({run.event[0] for run in self.runs})
        most = max(run.benches for run in self.runs)
        venues = {}
        for group in groups:
            body = {"name": {"zh": group, "en": group}, "place": {"zh": group, "en": ""}}
            made = self.staff.post("catalog", "/venues", {**body, "stations": most, "seats": 0})
            venues[group] = str(made["id"])
        return venues

    def _plan(self, run: Run) -> None:
        run.session_id = acts.plan_session(
            self.staff,
            self.offering,
            self.venues[run.event[0]],
            run.at(OPENS),
            run.at(CLOSES),
            slot_minutes=SLOT_MINUTES,
            benches=run.benches,
            title={"zh": run.event[0], "en": run.event[0]},
            trial=self.trial,
            staffing=[
                {
                    "role": {"zh": "维修志愿者", "en": "Repairer"},
                    "skill": SKILL,
                    "needed": run.benches,
                    "at_most": run.benches,
                }
            ],
        )

    def _staff(self, run: Run) -> None:
        """Let the run's volunteers accept its shift."""
        (shift,) = acts.shifts_of(self.staff, run.session_id)
        for person in run.crew:
            body = {"person_id": person}
            made = self.staff.post("roster", f"/shifts/{shift['id']}/accept", body)
            run.assignments.append(made["id"])

    def _fill(self, run: Run) -> None:
        """Book for the run's clients."""
        places = run.benches * PER_BENCH * SLOTS
        slots = acts.open_slots(self.staff, run.session_id, places)
        for outcome, person in zip(run.booked, run.clients, strict=True):
            made = acts.book(self.staff, slots, [device(outcome)], person_id=person)
            run.appointments.append(made["id"])
            run.tickets[made["devices"][0]["id"]] = outcome

    def _hold(self, run: Run) -> None:
        """Let volunteers and clients arrive, and serve everybody."""
        self._attend(run, "check-in", run.at(OPENS))
        arrive = partial(acts.arrive, self.staff, run.session_id)
        list(self.hands.map(arrive, run.appointments))
        list(self.hands.map(partial(self._walk_in, run), enumerate(run.walking)))
        serve = partial(
            acts.serve_at,
            self.staff,
            run.session_id,
            outcome_of=lambda ticket: closing(run.tickets[ticket]),
        )
        closed = sum(self.hands.map(serve, range(1, run.benches + 1)))
        if closed != len(run.outcomes):
            raise AssertionError(f"{run.event}: {closed} closed of {len(run.outcomes)}")

    def _walk_in(self, run: Run, numbered: tuple[int, Outcome]) -> None:
        number, outcome = numbered
        place = acts.walk_in(self.staff, run.session_id, f"到访{number}", [device(outcome)])
        run.tickets[place["devices"][0]["id"]] = outcome

    def _attend(self, run: Run, act: str, at: datetime) -> None:
        body = {"occurred_at": clock.iso(at)}  # a trial plays its days ahead of time
        for assignment in run.assignments:
            self.staff.post("roster", f"/assignments/{assignment}/{act}", body)

    def _set_time(self, at: datetime) -> None:
        if self.suite.owns_time and at > clock.now():
            clock.current().set(at)


def back_to_their_days(exported: Events, replay: Replay) -> Events:
    """Undo the shift of a trial's dates."""
    days = {(run.event[0], run.day): run.event for run in replay.runs}
    return {days.get(event, event): rows for event, rows in exported.items()}


def main(arguments: list[str] | None = None) -> int:
    """Replay a file; return 0 when rows in equal outcomes out."""
    given = _words(arguments)
    try:
        events = repair_data.read(given.file)
    except NotRepairData as problem:
        print(problem, file=sys.stderr)
        return 2
    if given.days:
        wanted = sorted({day for _, day in events})[: given.days]
        events = {event: rows for event, rows in events.items() if event[1] in set(wanted)}
    begun = time.monotonic()
    with _suite(given) as suite:
        started = time.monotonic() - begun
        replay = Replay(suite, events)
        rows = sum(len(outcomes) for outcomes in events.values())
        with progress.shown(sys.stderr, rows, "device") as done:
            replay.drive(done)
        given.out.write_text(replay.outcomes(), encoding="utf-8")
        messages = suite.messages(replay.staff)
    different = repair_data.differences(
        back_to_their_days(repair_data.read(given.out), replay), events
    )
    _report(replay, rows, messages, time.monotonic() - begun, different)
    print(f"{'of it start':<12}{started:>8.1f} s")
    return 1 if different else 0


def _report(replay: Replay, rows: int, messages: int, seconds: float, different: list[str]) -> None:
    tally = replay.api.tally
    for name in ("sessions", "bookings", "walk-ins", "refusals", "requests", "retries"):
        print(f"{name:<12}{tally[name]:>8}")
    print(f"{'messages':<12}{messages:>8}")
    print(f"{'rows in':<12}{rows:>8}")
    print(f"{'wall time':<12}{seconds:>8.1f} s")
    for line in different[:20]:
        print(line)
    print("outcomes out differ" if different else f"outcomes out{rows:>8}  equal as multisets")


def _suite(given: argparse.Namespace) -> Suite:
    if given.url:
        return Running(given.url)
    return Distributed() if given.stack else Embedded()


def _words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make replay", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="an Open Repair Data CSV file")
    parser.add_argument("--out", type=Path, required=True, help="where the outcomes are written")
    parser.add_argument("--stack", action="store_true", help="on the distributed suite")
    parser.add_argument("--url", help="a suite that runs already: a trial on dates ahead")
    parser.add_argument("--days", type=int, help="only the first days of the file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
