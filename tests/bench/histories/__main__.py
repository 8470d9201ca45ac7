"""`python -m tests.bench.histories --n 2000 --out FILE`: play histories on both databases, find the planted bugs.

SIGINT and SIGTERM end a run early; what was played until then is written all the same.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tests.bench.histories.places import DATABASES, Places, room, server
from tests.bench.histories.planted import BUGS
from tests.bench.histories.work import Played, find_bug, play_some, prepare

AT_ONCE = 10  # histories that one process plays before it says how far it is
SAY_EVERY = 60.0  # seconds between two lines about it where nobody watches a terminal


@dataclass
class Figures:
    """What came of it: `histories` were played to the end on each database, of those `asked` for."""

    histories: int
    asked: int
    steps: int
    databases: list[str]
    seed: int
    violations: int = 0
    planted_bugs: int = 0
    planted_bugs_found: int = 0
    stopped: bool = False
    seconds: float = 0.0
    played: dict[str, int] = field(default_factory=dict)
    steps_done: dict[str, int] = field(default_factory=dict)
    not_found: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    bugs: dict[str, str] = field(default_factory=dict)

    def keep(self, kind: str, result: Any) -> None:
        """Count what a process reports."""
        if isinstance(result, Played):
            self.played[kind] += result.histories
            self.steps_done[kind] += result.steps
            self.violations += len(result.found)
            self.found += [f"{kind}: {one}" for one in result.found]
            self.histories = min(self.played.values())
        elif result is not None:
            name, how = result
            self.planted_bugs += 1
            self.planted_bugs_found += how is not None
            self.bugs[f"{name} ({kind})"] = how or "not found"
            if how is None:
                self.not_found.append(f"{name} ({kind})")

    def __str__(self) -> str:
        played = ", ".join(f"{count} on {kind}" for kind, count in self.played.items())
        return (
            f"{played} of {self.asked} histories of {self.steps} steps: {self.violations} violations; "
            f"{self.planted_bugs_found} of {self.planted_bugs} planted bugs found; {self.seconds:.0f} s"
        )


@dataclass(frozen=True)
class Job:
    """Something for one process to do on one kind of database; it counts as so many histories."""

    kind: str
    what: Any
    given: tuple[Any, ...]
    count: int = 0


class Shown:
    """How far it is: a bar on a terminal, else a line now and then."""

    def __init__(self, figures: Figures, total: int) -> None:
        self._figures, self._began, self._said = figures, time.monotonic(), 0.0
        self._bar = tqdm(total=total, unit="history", disable=None)

    def further(self, count: int) -> None:
        """So many more were played."""
        self._bar.update(count)
        self._figures.seconds = round(time.monotonic() - self._began, 1)
        if self._bar.disable and self._figures.seconds - self._said >= SAY_EVERY:
            self._said = self._figures.seconds
            print(self._figures, flush=True)

    def end(self) -> None:
        """Nothing more comes."""
        self._bar.close()


def main(arguments: list[str] | None = None) -> int:
    """Play, find, write the figures; 1 when a rule was broken, a bug not found, or the run stopped."""
    given = _words(arguments)
    none = dict.fromkeys(given.databases, 0)
    figures = Figures(0, given.n, given.steps, given.databases, given.seed)
    figures.played, figures.steps_done = dict(none), dict(none)
    folder = Path(tempfile.mkdtemp(prefix="xiuhao-histories-", dir=room()))
    folder.chmod(0o755)  # the server runs as another user below it
    name = f"histories_{os.getpid()}"
    try:
        with server(folder, name) as address:
            _run(figures, Places(address, folder, name), given.workers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    given.out.write_text(json.dumps(asdict(figures), indent=2, ensure_ascii=False) + "\n")
    print(*figures.found, *(f"not found: {one}" for one in figures.not_found), figures, sep="\n")
    return 1 if figures.violations or figures.not_found or figures.stopped else 0


def _jobs(figures: Figures) -> list[Job]:
    """Bugs first: a run that could not find them would be worth nothing."""
    kinds, seed, steps = figures.databases, figures.seed, figures.steps
    jobs = [
        Job(kind, find_bug, (number, seed, steps))
        for number, bug in enumerate(BUGS)
        for kind in kinds
        if bug.only in (None, kind)
    ]
    for start in range(0, figures.asked, AT_ONCE):
        seeds = [seed + n for n in range(start, min(start + AT_ONCE, figures.asked))]
        jobs += [Job(kind, play_some, (seeds, steps), len(seeds)) for kind in kinds]
    return jobs


def _run(figures: Figures, places: Places, workers: int) -> None:
    jobs, context = _jobs(figures), get_context("spawn")
    stop = context.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    shown = Shown(figures, sum(job.count for job in jobs))
    with ProcessPoolExecutor(workers, context, prepare, (places, stop)) as pool:
        running: dict[Future[Any], Job] = {}
        while running or (jobs and not stop.is_set()):
            while jobs and len(running) < workers and not stop.is_set():
                job = jobs.pop(0)
                running[pool.submit(job.what, job.kind, *job.given)] = job
            done = next(as_completed(running))
            job = running.pop(done)
            figures.keep(job.kind, done.result())
            shown.further(job.count)
    figures.stopped = stop.is_set()
    shown.end()


def _words(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make histories", description=__doc__)
    parser.add_argument("--n", type=int, default=2000, help="histories on each database")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--out", type=Path, required=True, help="where the figures go (JSON)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
