"""Child processes of a throw-away server: an unprivileged user, a free port, a certain end."""

import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PORTS = range(15_000, 32_000)


def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that nobody listens on just now.

    Below the ports that systems give to outgoing connections: from among those it could be taken,
    by any client, before the program that it is meant for listens on it.
    """
    while True:
        port = random.choice(PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def give_away(folder: Path) -> None:
    """Make the folder belong to the unprivileged user where we are root."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody", pwd.getpwnam("nobody").pw_gid)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(
    command: list[str], folder: Path, log: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server as an unprivileged user; it ends when this process ends."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads here before exec
            **_unprivileged(),
        )


def run(command: list[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a short command as the unprivileged user; raise with its output when it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        **_unprivileged(),
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float
) -> None:
    """Wait for a server to answer; raise with the end of its log when it dies or is late."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-800:]
            raise RuntimeError(f"{process.args!s} did not come up: {tail}")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], sign: signal.Signals, seconds: float = 15) -> None:
    """Ask a server to end; end its whole group when it does not listen."""
    if process.poll() is None:
        process.send_signal(sign)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)
