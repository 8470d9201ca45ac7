"""`python -m tests.bench.histories --n 2000 --out FILE`: play histories on both databases, find the planted bugs."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from tqdm import tqdm

from deploy.local_servers.postgres import Postgres
from tests.bench.histories.planted import BUGS
from tests.bench.histories.work import find_bug, play_some

AT_ONCE = 10  # histories that one process plays before it says how far it is
DATABASES = ("sqlite", "postgresql")


@dataclass
class Figures:
    """What came of it; `histories` on each of the `databases`."""

    histories: int
    steps: int
    databases: list[str]
    seed: int
    violations: int = 0
    planted_bugs: int = 0
    planted_bugs_found: int = 0
    seconds: float = 0.0
    steps_done: dict[str, int] = field(default_factory=dict)
    not_found: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    bugs: dict[str, str] = field(default_factory=dict)


class Places:
    """Throw-away databases, each made once and used again."""

    def __init__(self, server: str, folder: Path) -> None:
        self._server, self._folder, self._made = server, folder, 0
        self._names: list[str] = []
        self._free: dict[str, list[str]] = {kind: [] for kind in DATABASES}

    def take(self, kind: str) -> str:
        """The address of a database that nobody uses now."""
        if self._free[kind]:
            return self._free[kind].pop()
        self._made += 1
        if kind == "sqlite":
            return f"sqlite:///{self._folder}/{self._made}.db"
        name = f"histories_{os.getpid()}_{self._made}"
        self._administer("CREATE DATABASE {}", name)
        self._names.append(name)
        return f"{self._server.rsplit('/', 1)[0]}/{name}"

    def give_back(self, url: str) -> None:
        """Let another process have it."""
        self._free["sqlite" if url.startswith("sqlite") else "postgresql"].append(url)

    def drop(self) -> None:
        """Drop what was made."""
        for name in self._names:
            self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _administer(self, statement: str, name: str) -> None:
        address = self._server.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]  # written here


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL: the one that is given, or one of our own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://")
        return
    home = folder / "postgresql"
    home.mkdir()
    own = Postgres(home)
    try:
        yield own.start()
    finally:
        own.stop()


def main(arguments: list[str] | None = None) -> int:
    """Play, find, write the figures; 1 when a rule was broken or a planted bug was not found."""
    given = _words(arguments)
    figures = Figures(given.n, given.steps, given.databases, given.seed)
    began = time.monotonic()
    room = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="xiuhao-histories-", dir=room))
    folder.chmod(0o755)  # the server runs as another user below it
    try:
        with server(folder) as address:
            places = Places(address, folder)
            try:
                _run(figures, places, given.workers)
            finally:
                places.drop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures.seconds = round(time.monotonic() - began, 1)
    given.out.write_text(json.dumps(asdict(figures), indent=2, ensure_ascii=False) + "\n")
    print(*figures.found, sep="\n")
    print(
        f"{figures.histories} histories of {figures.steps} steps on {', '.join(figures.databases)}: "
        f"{figures.violations} violations; {figures.planted_bugs_found} of "
        f"{figures.planted_bugs} planted bugs found; {figures.seconds:.0f} s"
    )
    return 1 if figures.violations or figures.not_found else 0


def _run(figures: Figures, places: Places, workers: int) -> None:
    """Bugs first: a run that could not find them would be worth nothing."""
    jobs: list[tuple[str, Any, tuple[Any, ...], int]] = []
    words: tuple[Any, ...] = (figures.seed, figures.steps)
    for number, bug in enumerate(BUGS):
        kinds = [kind for kind in figures.databases if bug.only in (None, kind)]
        jobs.extend((kind, find_bug, (number, *words), 0) for kind in kinds)
    for start in range(0, figures.histories, AT_ONCE):
        seeds = [figures.seed + n for n in range(start, min(start + AT_ONCE, figures.histories))]
        jobs.extend(
            (kind, play_some, (seeds, figures.steps), len(seeds)) for kind in figures.databases
        )
    total = sum(count for *_, count in jobs)
    with (
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
        tqdm(total=total, unit="history", disable=None) as bar,
    ):
        running: dict[Future[Any], tuple[str, str, int]] = {}
        while jobs or running:
            while jobs and len(running) < workers:
                kind, what, given, count = jobs.pop(0)
                url = places.take(kind)
                running[pool.submit(what, url, *given)] = (kind, url, count)
            done = next(as_completed(running))
            kind, url, count = running.pop(done)
            places.give_back(url)
            _keep(figures, kind, done.result(), count)
            bar.update(count)


def _keep(figures: Figures, kind: str, result: tuple[Any, Any], count: int) -> None:
    if count:
        steps, found = result
        figures.steps_done[kind] = figures.steps_done.get(kind, 0) + steps
        figures.violations += len(found)
        figures.found += [f"{kind}: {one}" for one in found]
        return
    name, how = result
    figures.planted_bugs += 1
    figures.planted_bugs_found += how is not None
    figures.bugs[f"{name} ({kind})"] = how or "not found"
    if how is None:
        figures.not_found.append(f"{name} ({kind})")


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
