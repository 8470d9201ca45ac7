"""A search in a process of its own answers as one in ours does, stops when asked, and is missed when it dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from services.roster.planning import apart
from services.roster.planning.apart import SearchLost, Task, search
from services.roster.planning.check import violations
from services.roster.planning.gaps import gaps
from services.roster.planning.reasons import reasons
from services.roster.planning.solvers import Progress
from tests.bench.roster.term import term_problem


def test_a_search_apart_answers_with_a_plan_its_reasons_and_its_gaps() -> None:
    asked, heard = term_problem(1, weeks=2), list[Progress]()

    found = search(Task(asked, 1.0), lambda at: bool(heard.append(at) or True))

    assert violations(asked, found.cells) == []
    assert found.progress.cost == min(one.cost for one in heard)
    why = reasons(asked, found.cells)
    assert {cell: [one[0] for one in each] for cell, each in found.why.items()} == {
        cell: [one.code for one in each] for cell, each in why.items()
    }
    assert [gap[:4] for gap in found.gaps] == [
        (one.shift, one.role, one.missing, one.empty) for one in gaps(asked, found.cells)
    ]


def test_a_search_apart_ends_soon_after_it_is_asked_to() -> None:
    asked, began = term_problem(1, weeks=2), monotonic()

    found = search(Task(asked, 300.0), lambda at: at.seconds < 1)

    assert monotonic() - began < 60
    assert violations(asked, found.cells) == []


ASKER = """
from services.roster.planning.apart import Task, search
from tests.bench.roster.term import term_problem
search(Task(term_problem(1, weeks=2), 300.0), lambda _: bool(print("searching", flush=True) or True))
"""


def test_a_search_ends_when_whoever_asked_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ASKER], stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        asker.stdout.readline()
        children = Path(f"/proc/{asker.pid}/task/{asker.pid}/children").read_text().split()
        asker.kill()

    assert len(children) == 1
    ends = monotonic() + 60
    while alive(children[0]):
        assert monotonic() < ends, "the search goes on"
        sleep(0.2)


def alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_search_that_dies_is_told_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*given: object, **how: object) -> subprocess.Popen[bytes]:
        started.append(real(*given, **how))  # type: ignore[call-overload]  # passed on as it came
        return started[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", start)

    def kill(_: Progress) -> bool:
        os.kill(started[0].pid, signal.SIGKILL)
        return True

    with pytest.raises(SearchLost):
        search(Task(term_problem(1, weeks=2), 300.0), kill)
