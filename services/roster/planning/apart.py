"""A search in a process of its own, so that its arithmetic takes no turn from the threads of a server.

The problem goes in as a pickle (both ends are ours); lines of JSON come out: progress, at last the answer. Closing
the way in asks the search to end with the best plan so far, and so does the death of whoever started it.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from services.roster.planning.objective import Cost
from services.roster.planning.problem import Cell, Problem
from services.roster.planning.solvers import Progress

GRACE = 30.0  # seconds beyond those given until a search is taken for lost
HOME = Path(__file__).resolve().parents[3]


class SearchLost(RuntimeError):
    """The search ended without an answer."""


@dataclass(frozen=True)
class Task:
    """What is to be solved, for how long, by whom."""

    problem: Problem
    seconds: float
    solver: str = "annealing"
    seed: int = 0


@dataclass(frozen=True)
class Found:
    """A plan with its reasons and gaps, in plain values.

    `why` holds [code, figures] for each cell; a gap is (shift, role, missing, empty, [[rules, how many people], …]).
    """

    cells: frozenset[Cell]
    solver: str
    progress: Progress
    why: dict[Cell, list[Any]] = field(default_factory=dict)
    gaps: list[tuple[str, str, int, int, list[Any]]] = field(default_factory=list)


def search(task: Task, on_progress: Callable[[Progress], bool]) -> Found:
    """Solve in a process of its own; `on_progress` says whether to go on. Raises `SearchLost`."""
    with subprocess.Popen(
        [sys.executable, "-m", "services.roster.planning"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HOME,
    ) as child:
        lost = Timer(task.seconds + GRACE, child.kill)
        lost.daemon = True
        lost.start()
        try:
            return _answer(child, task, on_progress)
        finally:
            lost.cancel()
            child.kill()


def _answer(
    child: "subprocess.Popen[bytes]", task: Task, on_progress: Callable[[Progress], bool]
) -> Found:
    assert child.stdin is not None  # noqa: S101 - piped
    try:
        child.stdin.write(pickle.dumps(task))
        child.stdin.flush()
        for said in _lines(child):
            if "cells" in said:
                return _found(said)
            if not on_progress(_progress(said)) and not child.stdin.closed:
                child.stdin.close()
    except BrokenPipeError as problem:
        raise SearchLost from problem
    raise SearchLost


def _lines(child: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    assert child.stdout is not None  # noqa: S101 - piped
    for line in child.stdout:
        yield json.loads(line)


def _progress(said: dict[str, Any]) -> Progress:
    bound = said["bound"]
    return Progress(
        said["seconds"],
        said["moves"],
        Cost(*said["cost"]),
        None if bound is None else Cost(*bound),
        said["unavoidable"],
    )


def _found(said: dict[str, Any]) -> Found:
    cells = [Cell(*cell) for cell in said["cells"]]
    return Found(
        frozenset(cells),
        said["solver"],
        _progress(said),
        dict(zip(cells, said["why"], strict=True)),
        [tuple(gap) for gap in said["gaps"]],
    )
