"""Starts processes, restarts one that dies as a container would be, and stops them all."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deploy.processes import ROOT, Process

PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0)  # seconds before the next start, by deaths in a row
SETTLED_SECONDS = 5.0
STOP_SECONDS = 15.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A process that should be running."""

    process: Process
    env: dict[str, str]
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0


@dataclass
class Supervisor:
    """Keeps processes running; writes `pids.json` (name → pid) whenever it changes."""

    folder: Path
    log: IO[str] = field(default_factory=lambda: sys.stdout)
    pids: dict[str, int] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    restarts: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, process: Process, settings: Mapping[str, str]) -> None:
        """Start a process and keep it running."""
        env = {**_inherited(), **process.settings(settings), "PYTHONPATH": str(ROOT)}
        child = Child(process, env)
        with self._lock:
            self.children.append(child)
            self._start(child)

    def watch(self) -> None:
        """Restart what dies until `stop` is called; give this to a thread or run it."""
        while not self._stopping.is_set():
            with self._lock:
                for child in self.children:
                    self._look_after(child)
            self._stopping.wait(0.05)

    def stop(self) -> None:
        """Ask every process to end, wait, and kill what does not."""
        self._stopping.set()
        with self._lock:
            running = [child.running for child in self.children if child.running]
            for process in running:
                _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()

    def say(self, name: str, line: str) -> None:
        """Write one line with the name of who says it."""
        with contextlib.suppress(BrokenPipeError, ValueError):
            print(f"{name:<16}| {line}", file=self.log, flush=True)

    def note(self, name: str, pid: int) -> None:
        """Write down a pid under its name, in one step."""
        with self._lock:
            self.pids[name] = pid
            new = self.folder / "pids.json.new"
            new.write_text(json.dumps(self.pids, indent=1))
            new.replace(self.folder / "pids.json")

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.running is None:
            if now >= child.due and not self._stopping.is_set():
                self._start(child)
            return
        status = child.running.poll()
        if status is None:
            return
        _signal(child.running, signal.SIGKILL)  # what is left of its group
        lived = now - child.started
        child.deaths = 0 if lived > SETTLED_SECONDS else child.deaths + 1
        child.due = now + PAUSES[min(child.deaths, len(PAUSES) - 1)]
        child.running = None
        self.restarts += 1
        self.say(child.process.name, f"ended with {status}; starting it again")

    def _start(self, child: Child) -> None:
        child.running = subprocess.Popen(
            child.process.argv(),
            cwd=ROOT,
            env=child.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - calls nothing but the kernel
        )
        child.started = time.monotonic()
        self.note(child.process.name, child.running.pid)
        reader = threading.Thread(
            target=self._follow, args=(child.process.name, child.running), daemon=True
        )
        reader.start()

    def _follow(self, name: str, process: subprocess.Popen[bytes]) -> None:
        with process.stdout or contextlib.nullcontext() as lines:
            for line in lines or ():
                self.say(name, line.decode(errors="replace").rstrip())


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if number is signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _inherited() -> dict[str, str]:
    """Return what of our own environment a process needs to run at all."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONUNBUFFERED": "1"
    }
