"""`python -m services.roster.planning`: solve one problem for `apart`, in a process of its own and politely."""

import json
import os
import pickle
import sys
from threading import Event, Thread
from typing import Any

from services.roster.planning.apart import Task
from services.roster.planning.choice import choose_solver
from services.roster.planning.gaps import gaps
from services.roster.planning.problem import Problem
from services.roster.planning.reasons import reasons
from services.roster.planning.solvers import Progress, Proposal, Until

POLITENESS = 10  # requests go before a search where both want the processor


def main() -> None:
    """Read a task, tell of progress, write the answer."""
    os.nice(POLITENESS)
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the process that started us
    enough = Event()
    Thread(target=_until_closed, args=(enough,), daemon=True).start()
    solver = choose_solver(task.solver, task.seed)
    made = solver.propose(
        task.problem, Until(task.seconds, asked=enough.is_set), lambda at: _say(_plain(at))
    )
    _say(_answer(task.problem, made))


def _until_closed(enough: Event) -> None:
    sys.stdin.buffer.read()
    enough.set()


def _answer(problem: Problem, made: Proposal) -> dict[str, Any]:
    why = reasons(problem, made.cells)
    last = Progress(made.seconds, made.moves, made.cost, made.bound, made.unavoidable)
    return {
        **_plain(last),
        "solver": made.solver,
        "cells": list(why),
        "why": [[[one.code, one.figures] for one in each] for each in why.values()],
        "gaps": [
            (one.shift, one.role, one.missing, one.empty, _ways(one.ways))
            for one in gaps(problem, made.cells)
        ],
    }


def _ways(ways: Any) -> list[Any]:
    return [[sorted(way.rules), len(way.volunteers)] for way in ways]


def _plain(at: Progress) -> dict[str, Any]:
    return {
        "seconds": round(at.seconds, 2),
        "moves": at.moves,
        "cost": at.cost,
        "bound": at.bound,
        "unavoidable": at.unavoidable,
    }


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever asked is gone, and so is the way to say anything
        os._exit(1)
