"""What one process does: play some histories, or look for one planted bug, on databases of its own.

Here and not in `__main__`, which a process that is spawned does not read.
"""

import gc
import signal
from dataclasses import dataclass, field
from typing import Any

from tests.bench.histories.acts import history
from tests.bench.histories.places import Places
from tests.bench.histories.planted import BUGS, Bug, planted
from tests.bench.histories.play import Violation, play, shortened
from tests.bench.histories.world import World

BUG_HISTORIES = 120
SELDOM = (100_000, 50, 100)  # collecting garbage: next to nothing here goes round in circles


@dataclass
class Played:
    """What came of some histories: how many were played to their end or to a violation."""

    histories: int = 0
    steps: int = 0
    found: list[str] = field(default_factory=list)


@dataclass
class Process:
    """What this process was given when it began: its places, and what tells it to end early."""

    places: Places | None = None
    stop: Any = None

    def world(self, kind: str) -> World:
        """Return the world of this process on a kind of database."""
        assert self.places is not None, "a process is prepared before it works"
        return self.places.world(kind)

    def stopping(self) -> bool:
        """Whether the run was asked to end."""
        return self.stop is not None and self.stop.is_set()


here = Process()


def prepare(places: Places, stop: Any) -> None:
    """Make a process ready: it ends its work early once `stop` is set, and leaves Ctrl-C to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    here.places, here.stop = places, stop
    gc.freeze()
    gc.set_threshold(*SELDOM)


def play_some(kind: str, seeds: list[int], steps: int) -> Played:
    """Play some histories; say how many were done and what was violated."""
    came, world = Played(), here.world(kind)
    for seed in seeds:
        if here.stopping():
            break
        violation = play(world, history(seed, steps))
        came.histories += 1
        came.steps += len(violation.steps) if violation else steps
        if violation:
            came.found.append(f"history {seed}: {shortened(world, violation)}")
    return came


def find(world: World, bug: Bug, seed: int, steps: int) -> Violation | None:
    """Play histories until the planted bug shows itself."""
    with planted(bug, world):
        for number in range(BUG_HISTORIES):
            if here.stopping():
                break
            violation = play(world, bug.history(seed + number, steps))
            if violation is not None and violation.rule in bug.rules:
                return violation
    return None


def find_bug(kind: str, number: int, seed: int, steps: int) -> tuple[str, str | None] | None:
    """Find one planted bug; return its name and which rule noticed it (None: stopped before)."""
    bug = BUGS[number]
    found = find(here.world(kind), bug, seed, steps)
    if found is None and here.stopping():
        return None
    return bug.name, f"{found.rule}, step {len(found.steps)}" if found else None
