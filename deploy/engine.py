"""A container engine and Compose: Docker where it runs, else Debian's podman with its work-arounds."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local_servers import CannotInstall, debian

APP = "localhost/xiuhao:test"
PACKAGES = ["podman", "runc", "netavark", "aardvark-dns", "iptables", "mmdebstrap"]
REGISTRY = "https://registry-1.docker.io/v2/"
BASE = ["python3", "python3-venv", "ca-certificates"]
SERVERS = ["postgresql", "rabbitmq-server", "nginx-light", "curl", "ca-certificates"]
UP_SECONDS = 240
# What a restricted machine needs of podman 4.3: limits it may set, runc with plain cgroups.
CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
"""
STORAGE_CONF = """[storage]
driver = "{driver}"
graphroot = "{work}/storage"
runroot = "{work}/run"
"""
Step = Callable[[str], AbstractContextManager[None]]


class Failed(RuntimeError):
    """A step of the engine failed; the text says which and how."""


@dataclass
class Engine:
    """Docker or podman, and Compose talking to it."""

    program: str
    work: Path
    env: dict[str, str] = field(default_factory=dict)

    def run(self, command: list[str], **more: str) -> int:
        """Run a command with the engine's environment, its output in the open."""
        env = {**os.environ, **self.env, **more}
        return subprocess.run(command, env=env, check=False).returncode

    def must(self, command: list[str], **more: str) -> None:
        """Run a command that has to succeed; its output is shown when it does not."""
        done = subprocess.run(
            command,
            env={**os.environ, **self.env, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"`{' '.join(command)}` failed:\n{done.stdout[-3000:]}")

    def base_images(self, local: Path) -> dict[str, str]:
        """Return the base images as settings of the compose file, made here if need be."""
        if registry_answers():
            return {}
        python, servers = "localhost/xiuhao-python", "localhost/xiuhao-servers"
        self._from_packages(python, BASE)
        self._from_packages(servers, SERVERS)
        images = {"BASE_IMAGE": python}
        for target in ("postgres", "rabbitmq", "nginx"):
            name = f"localhost/xiuhao-{target}"
            command = [self.program, "build", "-q", "--build-arg", f"SERVERS={servers}"]
            command += ["--target", target, "-t", name, "-f", str(local / "Containerfile")]
            self.must([*command, *self._isolation(), str(local)])
            images[f"{target.upper()}_IMAGE"] = name
        return images

    def _from_packages(self, image: str, packages: list[str]) -> None:
        if not subprocess.run(
            [self.program, "image", "exists", image], env={**os.environ, **self.env}, check=False
        ).returncode:
            return
        tar = self.work / "rootfs.tar"
        include = f"--include={','.join(packages)}"
        # what this machine trusts: an image that fetches packages has to trust it too
        trust = "/etc/ssl/certs/ca-certificates.crt"
        hook = f"--customize-hook=copy-in {trust} /etc/ssl/certs/"
        release = _release()
        self.must(["mmdebstrap", "--variant=minbase", include, hook, release, str(tar)])
        self.must([self.program, "import", "-q", str(tar), image])
        tar.unlink()

    def build(self, root: Path, images: dict[str, str]) -> None:
        """Build the application's image."""
        command = [self.program, "build", "-q", "-t", APP, "-f", "deploy/docker/Dockerfile"]
        base = images.get("BASE_IMAGE")
        command += ["--build-arg", f"BASE_IMAGE={base}"] if base else []
        self.must([*command, *self._isolation(), str(root)])

    def _isolation(self) -> list[str]:
        return ["--isolation=chroot", "--network=host"] if self.program == "podman" else []

    def up(self, env: dict[str, str], file: Path, project: str) -> None:
        """Bring the compose file up and wait until everything in it is healthy."""
        with self._health_checks(project):
            wait = ["--wait", "--wait-timeout", str(UP_SECONDS)]
            self.must([*_compose(file, project), "up", "-d", "--no-build", *wait], **env)

    def inside(self, env: dict[str, str], file: Path, project: str, words: list[str]) -> str:
        """Run a command in a running service's container (its name first); return its output."""
        command = [*_compose(file, project), "exec", "-T", *words]
        everything = {**os.environ, **self.env, **env}
        done = subprocess.run(command, env=everything, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"`{' '.join(words)}` failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def down(self, env: dict[str, str], file: Path, project: str) -> None:
        """Show the logs, remove containers, networks and volumes of the project."""
        logs = self.work / "compose.log"
        with logs.open("w") as output:
            command = [*_compose(file, project), "logs", "--no-color"]
            everything = {**os.environ, **self.env, **env}
            subprocess.run(command, env=everything, stdout=output, stderr=output, check=False)
        print(f"logs: {logs}")
        self.run([*_compose(file, project), "down", "-v", "--timeout", "5"], **env)

    @contextmanager
    def _health_checks(self, project: str) -> Iterator[None]:
        """Do what systemd's timers do elsewhere: run podman's health checks again and again."""
        if self.program != "podman":
            yield
            return
        done = threading.Event()
        thread = threading.Thread(target=self._check_health, args=(project, done), daemon=True)
        thread.start()
        yield
        done.set()
        thread.join(10)

    def _check_health(self, project: str, done: threading.Event) -> None:
        label = f"label=com.docker.compose.project={project}"
        list_them = ["podman", "ps", "-q", "--filter", label]
        env = {**os.environ, **self.env}
        while not done.wait(1):
            listed = subprocess.run(list_them, env=env, capture_output=True, text=True, check=False)
            for container in listed.stdout.split():
                check = ["podman", "healthcheck", "run", container]
                subprocess.run(check, env=env, capture_output=True, check=False)


@contextmanager
def ready(work: Path, step: Step) -> Iterator[Engine]:
    """Give an engine that works; a podman service started here ends here."""
    work.mkdir(parents=True, exist_ok=True)
    if (
        shutil.which("docker")
        and not subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        yield Engine("docker", work)
        return
    if os.geteuid() != 0:
        raise CannotInstall("There is no Docker here and podman needs root: run it with sudo.")
    if not all(shutil.which(name) for name in ("podman", "mmdebstrap", "runc", "iptables")):
        with step("installing podman"):
            debian.provide(PACKAGES)
    with _podman(work) as engine:
        yield engine


@contextmanager
def _podman(work: Path) -> Iterator[Engine]:
    (work / "containers.conf").write_text(CONTAINERS_CONF)
    (work / "storage.conf").write_text(STORAGE_CONF.format(work=work, driver="overlay"))
    socket = work / "podman.sock"
    env = {
        "CONTAINERS_CONF": str(work / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(work / "storage.conf"),
        "DOCKER_HOST": f"unix://{socket}",
    }
    socket.unlink(missing_ok=True)
    with (work / "podman.log").open("w") as log:
        service = subprocess.Popen(
            ["podman", "system", "service", "--time", "0", f"unix://{socket}"],
            env={**os.environ, **env},
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(200):
            if socket.exists() or service.poll() is not None:
                break
            time.sleep(0.05)
        if service.poll() is not None:
            raise Failed(f"podman does not start: {(work / 'podman.log').read_text()[-800:]}")
        yield Engine("podman", work, env)
    finally:
        service.terminate()
        service.wait(10)
        unmount_below(work / "storage")


def unmount_below(folder: Path) -> None:
    """Take away what is mounted at a folder or below it, so that it can be removed."""
    for mount in mounts_below(folder, Path("/proc/self/mountinfo").read_text()):
        subprocess.run(["umount", str(mount)], check=False)


def mounts_below(folder: Path, mountinfo: str) -> list[Path]:
    """Return the mount points at `folder` or below it, the newest first (proc(5): field 5, octal escapes)."""
    points = [line.split()[4] for line in mountinfo.splitlines()]
    named = [Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), one)) for one in points]
    return [one for one in reversed(named) if one.is_relative_to(folder.resolve())]


def _compose(file: Path, project: str) -> list[str]:
    program = Path(sys.executable).parent / "docker-compose"
    return [str(program), "-f", str(file), "-p", project]


def registry_answers() -> bool:
    """Tell whether the public image registry can be reached."""
    try:
        urllib.request.urlopen(REGISTRY, timeout=5)
    except urllib.error.HTTPError as answer:
        return answer.code == 401  # it wants a token: it is there
    except OSError:
        return False
    return True


def _release() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    return "stable"
