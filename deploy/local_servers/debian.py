"""Debian packages: installed by root, or unpacked into a private folder by anybody else."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "var" / "debian"
POLICY = Path("/usr/sbin/policy-rc.d")


class CannotInstall(RuntimeError):
    """A program is missing and cannot be had; the text is one sentence for a person."""


def how_to_get(packages: list[str]) -> str:
    """Say in a few words what `provide` will do on this machine."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        return f"missing, and there is no apt-get here: install {names}"
    way = "apt-get install" if os.geteuid() == 0 else f"unpacked below {UNPACKED}"
    return f"Debian packages {names} ({way}), when first needed"


def provide(packages: list[str]) -> Path:
    """Install the packages with what they need; return the folder that is their root."""
    if shutil.which("apt-get") is None:
        raise CannotInstall(
            f"There is no apt-get here; install {' '.join(packages)} by your own means and try again."
        )
    with _one_at_a_time():
        if os.geteuid() == 0:
            _install(packages)
            return Path("/")
        return _unpack(packages)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: list[str], *, folder: Path | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise CannotInstall(f"`{' '.join(command)}` failed: {last}")


def _install(packages: list[str]) -> None:
    """Install system-wide without letting the packages start services of their own."""
    guarded = not POLICY.exists()
    if guarded:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        _run(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "update"])
        _run(
            ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "install"]
            + ["--no-install-recommends", *packages]
        )
    finally:
        if guarded:
            POLICY.unlink(missing_ok=True)


def _unpack(packages: list[str]) -> Path:
    """Download the packages and all that is not installed yet; unpack them side by side."""
    root = UNPACKED / re.sub(r"[^a-z0-9]+", "-", "-".join(packages))
    if (root / ".complete").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    state, cache = UNPACKED / "state", UNPACKED / "cache"
    (state / "lists/partial").mkdir(parents=True, exist_ok=True)
    (cache / "archives/partial").mkdir(parents=True, exist_ok=True)
    shutil.rmtree(cache / "archives", ignore_errors=True)
    (cache / "archives/partial").mkdir(parents=True)
    options = [
        *("-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}"),
        *("-o", "Dir::State::status=/var/lib/dpkg/status"),
        *("-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="),
    ]
    _run(["apt-get", "-q", *options, "update"])
    _run(
        ["apt-get", "-q", "-y", *options, "install", "--download-only"]
        + ["--no-install-recommends", *packages]
    )
    for package in sorted((cache / "archives").glob("*.deb")):
        _run(["dpkg-deb", "-x", str(package), str(root)])
        package.unlink()
    (root / ".complete").touch()
    return root


def library_path(root: Path) -> dict[str, str]:
    """Return the environment that lets unpacked programs find their unpacked libraries."""
    if root == Path("/"):
        return {}
    places = ("usr/lib/*-linux-gnu", "lib/*-linux-gnu", "usr/lib/*-linux-gnu/pulseaudio")
    folders = [folder for place in places for folder in root.glob(place)]
    return {"LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders)}
