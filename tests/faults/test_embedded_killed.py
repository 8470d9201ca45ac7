"""The suite in one process is killed mid-way and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy import repair_data, replay
from deploy.embedded import environment
from deploy.local_servers import free_port
from deploy.processes import ROOT
from deploy.throw_away import Running
from tests.faults import repair_file
from tests.faults.books import Books, eventually

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]

KILLED_AFTER = (1, 3)  # sessions


class OneProcess:
    """`make run`, which nobody starts again but the test."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self._log = (folder / "lines.log").open("ab")
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it answers when it is ready."""
        own = {"PORT": str(self.port), "DATA_DIR": str(self.data), "DEMO": "1", "DEMO_TERM": "0"}
        env = {key: value for key, value in os.environ.items() if not key.endswith("_URL")} | own
        command = [sys.executable, "-m", "deploy.all_in_one"]
        self._running = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def wait(self) -> None:
        """Wait until it answers."""
        eventually(self._answers, lambda: "embedded suite", 120)

    def kill(self) -> None:
        """End all of it as a power cut would."""
        if self._running is not None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self._log.close()

    def _answers(self) -> bool:
        try:
            body = {"login": "coordinator", "password": "demo"}
            return httpx.post(f"{self.url}/api/identity/v1/tokens", json=body, timeout=5).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[OneProcess]:
    made = OneProcess(tmp_path)
    made.start()
    made.wait()
    yield made
    made.close()


class Killer:
    """Stands in for the progress bar: after some sessions it kills the suite and starts it again."""

    def __init__(self, suite: OneProcess) -> None:
        self.suite = suite
        self.sessions = 0

    def update(self, devices: int) -> None:
        """Count a session; kill where it is time."""
        self.sessions += 1
        if self.sessions in KILLED_AFTER:
            self.suite.kill()  # other threads of the drive are in the middle of something
            self.suite.start()


def test_the_whole_suite_is_killed_during_a_replay_and_nothing_is_lost(
    suite: OneProcess, tmp_path: Path
) -> None:

    file, out = tmp_path / "made.csv", tmp_path / "out.csv"
    repair_file.write(file, events=6, devices=3)
    events, killer = repair_data.read(file), Killer(suite)

    drive = replay.Replay(Running(suite.url), events, days_at_once=1)
    drive.drive(killer.update)
    out.write_text(drive.outcomes(), encoding="utf-8")
    drive.api.close()

    came_out = replay.back_to_their_days(repair_data.read(out), drive)
    assert repair_data.differences(came_out, events) == []
    books = Books.of(environment(suite.data, suite.port, {}))
    books.settled()
    books.nobody_twice()
    assert drive.api.tally["retries"] > 0
