"""Throw-away suites for a browser: the embedded one as a process, the distributed one as `make stack` runs it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from deploy.local_servers import free_port
from deploy.processes import ROOT, SERVICES
from deploy.stack import Stack

START_SECONDS = 120.0
STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Place:
    """A running suite: which deployment, where, and the folder its mail lands in."""

    deployment: str
    url: str
    mail: Path


@contextmanager
def embedded(folder: Path) -> Iterator[Place]:
    """`make run` with the demo's people and no term, on a free port."""
    port = free_port()
    env = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "DEMO": "1",
        "DEMO_TERM": "0",
    }
    command = [sys.executable, "-m", "deploy.all_in_one"]
    log = folder.parent / "embedded.log"
    with log.open("w") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=lines, stderr=lines)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, log)
            yield Place("embedded", url, folder / "mail")
        finally:
            _stop(process)


@contextmanager
def distributed(folder: Path, name: str, postgres: str, rabbitmq: str) -> Iterator[Place]:
    """`make stack` on free ports, with databases and queues of its own on the servers of the run."""
    given = {
        "STACK_PORTS": "free",
        "STACK_NAME": name,
        "STACK_POSTGRES_URL": postgres,
        "STACK_RABBITMQ_URL": rabbitmq,
        "DEMO": "1",
    }
    try:
        with Stack(folder, {**os.environ, **given}) as stack:
            command = [sys.executable, "-m", "services.identity.cli", "demo-people"]
            env = {**os.environ, **stack.env}
            subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
            yield Place("distributed", stack.url, folder / "mail")
    finally:
        _drop(postgres, name)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/healthz", timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the embedded suite did not get ready: {log.read_text()[-2000:]}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _drop(administrator: str, name: str) -> None:
    """Remove what the stack made on a server that is not its own."""
    address = administrator.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        for service in SERVICES:
            mine = sql.Identifier(f"{name}_{service}")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(mine))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(mine))
