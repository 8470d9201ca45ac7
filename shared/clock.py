"""The suite's time: the wall clock, or a simulated one that every process of the suite shares.

A simulated clock is a small file with an anchor (a real instant, the suite instant that belongs
to it) and a speed; whoever drives a simulation writes it, every process reads it. Databases add
the same offset to their own clock (``shared.database.suite_now``).
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

REAL = "real"
SIMULATED = "simulated"


@dataclass(frozen=True)
class Anchor:
    """Where a simulated clock stands: at ``real`` it shows ``suite``, then runs ``speed`` times as fast."""

    real: datetime
    suite: datetime
    speed: float = 1.0

    def at(self, real: datetime) -> datetime:
        """Return the suite's instant that belongs to the ``real`` instant."""
        return self.suite + (real - self.real) * self.speed


class Clock:
    """A source of aware UTC instants."""

    def __init__(self, mode: str = REAL, file: Path | None = None) -> None:
        if mode not in (REAL, SIMULATED):
            raise ValueError(f"CLOCK is 'real' or 'simulated', not {mode!r}")
        if mode == SIMULATED and file is None:
            raise ValueError("CLOCK=simulated needs CLOCK_FILE, the file that holds its anchor")
        self.simulated = mode == SIMULATED
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._anchor: Anchor | None = None

    def now(self) -> datetime:
        """Return the suite's time now, aware, in UTC."""
        real = datetime.now(UTC)
        anchor = self._read() if self.simulated else None
        return anchor.at(real) if anchor else real

    def offset(self) -> timedelta:
        """Return how far the suite's time is ahead of the real one."""
        real = datetime.now(UTC)
        anchor = self._read() if self.simulated else None
        return anchor.at(real) - real if anchor else timedelta(0)

    def set(self, suite: datetime, speed: float = 1.0) -> None:
        """Move a simulated clock: from now on it shows ``suite`` and runs ``speed`` times as fast."""
        if not self.simulated or self._file is None:
            raise RuntimeError("only a simulated clock can be set")
        anchor = {"real": iso(datetime.now(UTC)), "suite": iso(suite), "speed": speed}
        draft = self._file.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(anchor), encoding="utf-8")
        draft.replace(self._file)

    def _read(self) -> Anchor | None:
        if self._file is None or not self._file.exists():
            return None
        status = self._file.stat()
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            data = json.loads(self._file.read_text(encoding="utf-8"))
            self._anchor = Anchor(parse(data["real"]), parse(data["suite"]), float(data["speed"]))
            self._stamp = stamp
        return self._anchor


_clock = Clock()


def configure(mode: str, file: Path | None = None) -> Clock:
    """Choose this process's clock (settings call it once at start) and return it."""
    global _clock  # the clock is a property of the process, like the system's own
    _clock = Clock(mode, file)
    return _clock


def current() -> Clock:
    """Return this process's clock."""
    return _clock


def now() -> datetime:
    """Return the suite's time now, aware, in UTC."""
    return _clock.now()


def iso(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC, with ``Z``; a naive one is refused."""
    if instant.tzinfo is None:
        raise ValueError("a naive instant has no place here")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Read an RFC 3339 instant with offset into an aware one in UTC; a naive one is refused."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} names no offset")
    return instant.astimezone(UTC)
