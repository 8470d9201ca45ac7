"""Tests that measure seconds wait until nothing else of the run is at work, and work alone.

A bound of five seconds says something of the suite only when the machine is not busy with another
test. Every test holds the floor together with others; one marked ``alone`` holds it by itself.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Floor:
    """A lock that tests of all xdist workers share, or have to themselves (two files, flock(2))."""

    def __init__(self, folder: Path) -> None:
        self.door = folder / "door.lock"
        self.floor = folder / "floor.lock"

    @contextmanager
    def held(self, *, alone: bool) -> Iterator[None]:
        """Hold the floor. Who wants it alone keeps the door shut, so nobody goes in before them."""
        with self.door.open("w") as door, self.floor.open("w") as floor:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(floor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            fcntl.flock(door, fcntl.LOCK_UN)
            yield
