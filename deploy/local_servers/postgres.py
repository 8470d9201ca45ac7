"""A PostgreSQL server of our own: Debian's binaries, a folder, a free port on 127.0.0.1."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from deploy.local_servers import debian, processes

PACKAGES = ["postgresql"]
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class PostgresPrograms:
    """Where `initdb` and `postgres` are, and what they need to run from there."""

    bin: Path
    env: dict[str, str]


def find_postgres(root: Path = Path("/")) -> PostgresPrograms | None:
    """Return Debian's newest server below the root folder, or None."""
    found = sorted(
        (path.parent for path in root.glob("usr/lib/postgresql/*/bin/initdb")),
        key=lambda folder: int(folder.parent.name),
    )
    return PostgresPrograms(found[-1], debian.library_path(root)) if found else None


def provide_postgres() -> PostgresPrograms:
    """Find the server programs, installing Debian's packages when there are none."""
    found = find_postgres() or find_postgres(debian.provide(PACKAGES))
    if found is None:
        raise debian.CannotInstall("Debian's postgresql package brought no /usr/lib/postgresql.")
    return found


@dataclass
class Postgres:
    """One server in one folder. Not durable means: fast, and lost when the machine stops."""

    folder: Path
    port: int = 0
    password: str = ""
    durable: bool = False
    connections: int = 200
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The administrator's SQLAlchemy address."""
        secret = f":{self.password}" if self.password else ""
        return f"postgresql+psycopg://postgres{secret}@127.0.0.1:{self.port}/postgres"

    def start(self) -> str:
        """Create the cluster when the folder has none, start it, return its address."""
        self.begin()
        return self.wait()

    def begin(self) -> None:
        """Start it without waiting until it answers."""
        programs = provide_postgres()
        data, log = self.folder / "data", self.folder / "postgres.log"
        processes.give_away(self.folder)
        if not (data / "PG_VERSION").exists():
            self._create(programs, data)
        else:
            _stop_left_over(data)
        self.port = self.port or processes.free_port()
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            f"max_connections={self.connections}",
            "timezone=UTC",
            *(() if self.durable else THROW_AWAY),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        command = [str(programs.bin / "postgres"), "-D", str(data), *options]
        self.process = processes.start(command, self.folder, log, programs.env)

    def wait(self) -> str:
        """Wait until it answers and return its address."""
        if self.process is not None:
            log = self.folder / "postgres.log"
            processes.wait_until(self._answers, self.process, log, 60)
        return self.url

    def _create(self, programs: PostgresPrograms, data: Path) -> None:
        command = [str(programs.bin / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8"]
        command += ["--locale=C.UTF-8"]
        secret = self.folder / "password"
        if self.password:
            secret.write_text(self.password)
            secret.chmod(0o644)
            command += ["--auth=scram-sha-256", f"--pwfile={secret}"]
        else:
            command += ["--auth=trust"]
        command += [] if self.durable else ["--no-sync"]
        processes.run(command, self.folder, programs.env)
        secret.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server at once, rolling back what is open."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT)
            self.process = None


def _stop_left_over(data: Path) -> None:
    """End a server that a killed runner left behind in this folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
        return
    for _ in range(200):
        if not (data / "postmaster.pid").exists():
            return
        time.sleep(0.05)
