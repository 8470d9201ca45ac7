"""Suites to drive: a fresh embedded one, a fresh distributed one, or one that runs already."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Protocol

from deploy.driver import Account
from deploy.embedded import Suite as EmbeddedSuite
from deploy.embedded import environment, prepare
from deploy.stack import Stack
from shared import clock, telemetry
from shared.http_client import WsgiApp

LOG_LEVEL = "WARNING"


class Suite(Protocol):
    """A suite as a driver sees it: where it is, and whether its clock may be moved."""

    owns_time: bool
    hands: int
    target: str | WsgiApp

    def __enter__(self) -> "Suite":
        """Start it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it and remove what it kept."""

    def messages(self, staff: Account) -> int:
        """Count the messages that people were sent."""


class _Driven:
    """What all of them share."""

    owns_time = True
    hands = 4  # how many things are done at once
    target: str | WsgiApp = ""

    def messages(self, staff: Account) -> int:
        """Count the messages that people were sent."""
        return sum(1 for _ in staff.items("notify", "/deliveries", limit=200))


class Running(_Driven):
    """A suite that runs already; its time is real."""

    owns_time = False

    def __init__(self, url: str) -> None:
        self.target = url.rstrip("/")

    def __enter__(self) -> "Running":
        """Nothing to start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to stop."""


class Embedded(_Driven):
    """The whole suite in this process, in a temporary folder."""

    hands = 1  # one process: more of them would only take turns

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="xiuhao-")
        self._suite: EmbeddedSuite | None = None

    def __enter__(self) -> "Embedded":
        """Start it on a simulated clock, with the demo's people."""
        telemetry.set_up_logging(LOG_LEVEL)
        env = environment(Path(self._folder.name), 0, simulated(Path(self._folder.name)))
        prepare(env)
        _begin(clock.current())
        self._suite = EmbeddedSuite(env)
        self._suite.people()
        self._suite.start()
        self.target = self._suite.wsgi
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        if self._suite is not None:
            self._suite.stop()
        clock.configure(clock.REAL)
        self._folder.cleanup()


class Distributed(_Driven):
    """The processes of ``make stack`` on free ports, in a temporary folder."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="xiuhao-")
        folder = Path(self._folder.name)
        self.stack = Stack(folder, {**os.environ, **simulated(folder), "STACK_PORTS": "free"})

    def __enter__(self) -> "Distributed":
        """Start it on a simulated clock, with the demo's people."""
        telemetry.set_up_logging(LOG_LEVEL)
        _begin(clock.configure(clock.SIMULATED, clock_file(Path(self._folder.name))))
        self.stack.__enter__()
        command = [sys.executable, "-m", "services.identity.cli", "demo-people"]
        subprocess.run(
            command, env={**os.environ, **self.stack.env}, check=True, stdout=subprocess.DEVNULL
        )
        self.target = self.stack.url
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stack.__exit__(None, None, None)
        clock.configure(clock.REAL)
        self._folder.cleanup()


def simulated(folder: Path) -> dict[str, str]:
    """Return the settings of a throw-away suite on a simulated clock."""
    return {"DEMO": "1", "CLOCK": clock.SIMULATED, "CLOCK_FILE": str(clock_file(folder))}


def clock_file(folder: Path) -> Path:
    """Return where a throw-away suite in ``folder`` keeps its clock."""
    return folder / "clock.json"


def _begin(simulated_clock: clock.Clock) -> None:
    simulated_clock.set(clock.parse("2000-01-01T00:00:00Z"))
