"""Compose and Procfile are the same suite: same processes, same commands, same settings."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.processes import ROOT, Process, read_env, read_procfile
from deploy.secret_files import write

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
INFRASTRUCTURE = {"postgres", "rabbitmq", "migrate", "proxy"}
OF_CONTAINERS = {"TOKEN_KEYS", "FRONT_SECRET_FILE", "DATA_DIR", "SMTP_URL", "TRUSTED_PROXIES"}
PROCESSES = read_procfile()


def settings_of(name: str) -> dict[str, str]:
    environment: dict[str, Any] = COMPOSE["services"][name]["environment"]
    return {key: str(value) for key, value in environment.items()}


def test_compose_and_procfile_name_the_same_processes() -> None:
    assert set(COMPOSE["services"]) - INFRASTRUCTURE == {process.name for process in PROCESSES}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_process_runs_the_same_command_in_both(process: Process) -> None:
    assert COMPOSE["services"][process.name]["command"] == process.command


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_process_gets_the_same_settings_in_both(process: Process) -> None:
    stack = read_env(over={})
    shared = {name: value for name, value in stack.items() if not name.endswith("_PORT")}
    service = process.service.upper()
    own = {"BUS_URL": "", f"{service}_DATABASE_URL": ""} if process.service != "web" else {}

    here = set(process.settings(shared | stack)) - {n for n in stack if n.endswith("_PORT")} | set(
        own
    )
    there = {
        name.removesuffix("_FILE") if "URL" in name else name for name in settings_of(process.name)
    }

    assert here | OF_CONTAINERS | {"THREADS"} == there | OF_CONTAINERS | {"THREADS"}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_process_listens_where_the_others_look_for_it(process: Process) -> None:
    stack = process.settings(read_env(over={}))
    compose = settings_of(process.name)

    for name in {"LISTEN", "WORKER_PORT", *process.env} & set(stack):
        assert compose[name] == stack[name]


def test_every_process_waits_for_the_migrations() -> None:
    waiting = {
        name
        for name, given in COMPOSE["services"].items()
        if "migrate" in given.get("depends_on", {})
    }

    assert waiting == {process.name for process in PROCESSES}


def test_the_proxy_knows_every_address() -> None:
    conf = (ROOT / "deploy/docker/nginx.conf").read_text("utf-8")
    passed = set(re.findall(r"proxy_pass (http://[a-z-]+:\d+);", conf))
    urls = {
        name: value
        for name, value in settings_of("web").items()
        if re.fullmatch(r"[A-Z]+_URL", name) and re.fullmatch(r"http://[a-z-]+:\d+", value)
    }
    identity = urls.pop("IDENTITY_URL")  # asked through web, which vouches for clients' addresses

    assert set(urls.values()) <= passed
    assert identity not in passed


def test_the_compose_file_is_valid(tmp_path: Path) -> None:
    write(tmp_path)
    command = [str(Path(sys.executable).parent / "docker-compose"), "config", "-q"]

    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"SECRETS": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_secrets_come_by_file_only() -> None:
    for name in COMPOSE["services"]:
        given = COMPOSE["services"][name].get("environment", {})
        plain = [key for key in given if re.search("PASS|SECRET|DATABASE_URL|BUS_URL", key)]
        assert all(key.endswith("_FILE") for key in plain), name
