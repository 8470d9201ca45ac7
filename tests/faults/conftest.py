"""One distributed suite with a broker of its own, for all tests that break things."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from deploy.processes import ROOT, SERVICES
from deploy.stack import Stack
from tests.faults.books import Books
from tests.faults.centre import Centre
from tests.support.run import Run


@pytest.fixture(scope="package")
def stack(run: Run, postgres_server: str) -> Iterator[Stack]:
    """`make stack` with the demo's people, on free ports; the broker belongs to it alone."""
    name = f"x_{run.name}_faults"
    own = {"STACK_PORTS": "free", "STACK_POSTGRES_URL": postgres_server, "STACK_NAME": name}
    given = {key: value for key, value in os.environ.items() if not key.endswith("_URL")}
    folder = run.folder / "faults"  # the broker, another user, may read below the run's folder
    folder.mkdir()
    made = Stack(folder, {**given, **own, "DEMO": "1"})
    with (folder / "lines.log").open("w") as lines:
        made.supervisor.log = lines
        try:
            with made:
                _people(made)
                yield made
        finally:
            _drop(postgres_server, name)


@pytest.fixture
def books(stack: Stack) -> Books:
    """The databases of the suite."""
    return Books.of(stack.env)


@pytest.fixture
def centre(stack: Stack) -> Iterator[Centre]:
    """A centre at work in it."""
    made = Centre(stack.url)
    yield made
    made.api.close()


def _people(stack: Stack) -> None:
    command = [sys.executable, "-m", "services.identity.cli", "demo-people"]
    env = {**os.environ, **stack.env}
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def _drop(server: str, prefix: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        for service in SERVICES:
            name = sql.Identifier(f"{prefix}_{service}")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
