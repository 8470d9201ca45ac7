"""Every process of the suite is killed in turn while it works."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from deploy import repair_data, replay
from deploy.processes import Process, read_procfile
from deploy.stack import Stack
from deploy.throw_away import Running
from tests.faults import repair_file
from tests.faults.books import Books, eventually
from tests.faults.centre import Centre

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]

BACK_SECONDS = 5.0
PROCESSES = read_procfile()


class Killer:
    """Stands in for the progress bar: after each session it kills the next process."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.left = list(PROCESSES)
        self.back: dict[str, float] = {}
        self._watch: threading.Thread | None = None

    def update(self, devices: int) -> None:
        """Kill the next process in a moment, while the drive goes on."""
        self.join()
        if self.left:
            process = self.left.pop(0)
            self._watch = threading.Thread(target=self._kill, args=(process,))
            self._watch.start()

    def join(self) -> None:
        """Wait until what was killed last is back."""
        if self._watch is not None:
            self._watch.join()

    def _kill(self, process: Process) -> None:
        time.sleep(0.1)
        self.back[process.name] = kill(self.stack, process)


def kill(stack: Stack, process: Process) -> float:
    """Kill a process as a crash would; return the seconds until it answers again."""
    os.kill(stack.supervisor.pids[process.name], signal.SIGKILL)
    begun = time.monotonic()
    time.sleep(0.06)  # what is dead does not answer
    eventually(lambda: alive(stack, process), lambda: process.name, 60)
    return time.monotonic() - begun


def alive(stack: Stack, process: Process) -> bool:
    """Tell whether a process answers on its own port."""
    settings = process.settings(stack.env)
    port = settings.get("LISTEN") or settings["WORKER_PORT"]
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


@pytest.mark.alone
def test_each_process_is_killed_during_a_replay_and_nothing_is_lost_or_done_twice(
    stack: Stack,
    books: Books,
    tmp_path: Path,
    measured: Callable[[str, float], None],
) -> None:
    file, out = tmp_path / "made.csv", tmp_path / "out.csv"
    repair_file.write(file, events=len(PROCESSES) + 4, devices=3)
    events, killer = repair_data.read(file), Killer(stack)
    before = books.count("booking", "appointment")  # other tests share the stack

    drive = replay.Replay(
        Running(stack.url), events, days_at_once=2
    )  # booking goes on beside the desk
    drive.drive(killer.update)
    killer.join()
    out.write_text(drive.outcomes(), encoding="utf-8")
    drive.api.close()

    came_out = replay.back_to_their_days(repair_data.read(out), drive)
    assert repair_data.differences(came_out, events) == []
    books.settled()
    books.nobody_twice()
    assert books.count("booking", "appointment") - before == drive.api.tally["bookings"]
    assert killer.left == []
    for name, seconds in killer.back.items():
        measured(f"{name} is back", seconds)
    assert max(killer.back.values()) < BACK_SECONDS, killer.back


def test_a_worker_killed_between_commit_and_publish_loses_nothing(
    stack: Stack, books: Books, centre: Centre
) -> None:
    worker = next(process for process in PROCESSES if process.name == "booking-worker")
    _, slots = centre.session()
    books.settled()

    os.kill(stack.supervisor.pids[worker.name], signal.SIGSTOP)  # no relay looks at the outbox
    booked = centre.book(slots, 5)
    unsent = books.count("booking", "outbox", "NOT sent")
    kill(stack, worker)

    books.settled()
    assert unsent >= len(booked)
    for appointment in booked:
        assert books.confirmations(appointment) == 1
    books.nobody_twice()
