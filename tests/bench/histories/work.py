"""What one process does: play some histories, or look for one planted bug, on a database of its own.

Here and not in `__main__`, which a process that is spawned does not read.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.database import Database
from shared.migrations import upgrade
from tests.bench.histories.acts import history
from tests.bench.histories.planted import BUGS, Bug, planted
from tests.bench.histories.play import Violation, play, shortened
from tests.bench.histories.world import World, hurried, standing_clock

BUG_HISTORIES = 120


@contextmanager
def opened(url: str) -> Iterator[World]:
    """A world on a database of its own, with a clock of its own."""
    folder = Path(tempfile.mkdtemp(prefix="xiuhao-histories-"))
    with standing_clock(folder) as clock:
        world = World(hurried(Database(url, "booking")), clock)
        try:
            upgrade("services.booking", world.database)
            yield world
        finally:
            world.close()
            shutil.rmtree(folder, ignore_errors=True)


def play_some(url: str, seeds: list[int], steps: int) -> tuple[int, list[str]]:
    """Play some histories; return how many steps were done and what was violated."""
    done, found = 0, []
    with opened(url) as world:
        for seed in seeds:
            violation = play(world, history(seed, steps))
            done += len(violation.steps) if violation else steps
            if violation:
                found.append(f"history {seed}: {shortened(world, violation)}")
    return done, found


def find(world: World, bug: Bug, seed: int, steps: int) -> Violation | None:
    """Play histories until the planted bug shows itself."""
    with planted(bug, world):
        for number in range(BUG_HISTORIES):
            violation = play(world, history(seed + number, steps, bug.often))
            if violation is not None and violation.rule in bug.rules:
                return violation
    return None


def find_bug(url: str, number: int, seed: int, steps: int) -> tuple[str, str | None]:
    """Find one planted bug; return its name and which rule noticed it after how many steps."""
    bug = BUGS[number]
    with opened(url) as world:
        found = find(world, bug, seed, steps)
    return bug.name, f"{found.rule}, step {len(found.steps)}" if found else None
