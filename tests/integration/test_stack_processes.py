"""What keeps the separate processes running: starts, restarts after a kill, a certain end."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.migrate import make_databases
from deploy.processes import Process, read_env, read_procfile
from deploy.supervisor import Supervisor
from shared.ids import new_id

SLEEPER = Process("booking-worker", {}, ["python", "-c", "import time; time.sleep(60)"])


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with (tmp_path / "log").open("w") as log:
        made = Supervisor(tmp_path, log)
        watcher = threading.Thread(target=made.watch, daemon=True)
        watcher.start()
        yield made
        made.stop()
        watcher.join(5)


def pid_of(folder: Path, name: str) -> int:
    return int(json.loads((folder / "pids.json").read_text())[name])


def test_a_killed_process_is_back_within_two_seconds(supervisor: Supervisor) -> None:
    supervisor.add(SLEEPER, {})
    first = pid_of(supervisor.folder, "booking-worker")

    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 2
    while pid_of(supervisor.folder, "booking-worker") == first and time.monotonic() < deadline:
        time.sleep(0.02)

    assert pid_of(supervisor.folder, "booking-worker") != first


def test_stopping_ends_every_process(supervisor: Supervisor) -> None:
    supervisor.add(SLEEPER, {})
    pid = pid_of(supervisor.folder, "booking-worker")

    supervisor.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_gets_no_database_of_another_service() -> None:
    shared = {"BOOKING_DATABASE_URL": "b", "ROSTER_DATABASE_URL": "r", "BUS_URL": "amqp://"}

    booking = Process("booking-worker", {}, ["true"]).settings(shared)
    web = Process("web", {}, ["true"]).settings(shared)

    assert booking == {"BOOKING_DATABASE_URL": "b", "BUS_URL": "amqp://"}
    assert web == {}


def test_every_setting_the_procfile_names_is_in_the_settings_file() -> None:
    settings = read_env(over={})

    for process in read_procfile():
        process.settings(settings)


def test_the_port_of_the_front_can_be_changed() -> None:
    assert read_env(over={"WEB_PORT": "8055"})["PUBLIC_URL"] == "http://localhost:8055"


def test_the_role_of_a_service_cannot_reach_another_database(
    postgres_server: str,
) -> None:
    name = f"stack_{new_id()[:8]}"
    server = postgres_server.split("@")[1].rsplit("/", 1)[0]
    urls = [
        f"postgresql+psycopg://{name}_{service}:secret@{server}/{name}_{service}"
        for service in ("booking", "roster")
    ]

    make_databases(postgres_server, urls)
    make_databases(postgres_server, urls)  # a second start finds them

    own = urls[0].replace("+psycopg", "")
    psycopg.connect(own).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(own.rsplit("/", 1)[0] + f"/{name}_roster")
    drop(postgres_server, name)


def drop(server: str, name: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        for service in ("roster", "booking"):
            connection.execute(f"DROP DATABASE {name}_{service}")
            connection.execute(f"DROP ROLE {name}_{service}")
