"""`make stack`: the distributed suite without containers, on local PostgreSQL and RabbitMQ.

Everything it keeps (databases, queues, keys, passwords, pids.json) lies in one folder, `STATE`
(default var/stack). `STACK_POSTGRES_URL` and `STACK_RABBITMQ_URL` name servers that already run;
without them it starts its own. `STACK_PORTS=free` takes free ports instead of those of the
settings file.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType

import httpx

from deploy import migrate
from deploy.local_servers import CannotInstall, Postgres, RabbitMQ, free_port
from deploy.processes import ROOT, SERVICES, read_env, read_procfile
from deploy.supervisor import Supervisor

READY_SECONDS = 60.0


class Stack:
    """The running processes and servers; a context manager, `url` is the front's address."""

    def __init__(self, folder: Path, over: Mapping[str, str] | None = None) -> None:
        self.folder = folder.absolute()
        self.over = dict(os.environ if over is None else over)
        self.env: dict[str, str] = {}
        self.postgres: Postgres | None = None
        self.rabbitmq: RabbitMQ | None = None
        self.supervisor = Supervisor(self.folder)
        self._watcher = threading.Thread(target=self.supervisor.watch, daemon=True)

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.env['WEB_PORT']}"

    def __enter__(self) -> "Stack":
        """Start everything; on any failure stop what was started."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(self) -> None:
        """Start servers, prepare databases and queues, start every process, wait for the front."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # the servers run as another user below it
        self.env = self._settings()
        self._start_servers()
        self._name_databases()
        self._write_settings()
        migrate.prepare(self.env)
        for process in read_procfile():
            self.supervisor.add(process, self.env)
        self._watcher.start()
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the processes, then the servers we started."""
        self.supervisor.stop()
        if self._watcher.is_alive():
            self._watcher.join(5)
        for server in (self.rabbitmq, self.postgres):
            if server is not None:
                server.stop()

    def _settings(self) -> dict[str, str]:
        given = dict(self.over)
        free = given.get("STACK_PORTS") == "free"
        given["WEB_PORT"] = "" if free else given.get("PORT", "")  # make always sets PORT
        if free:
            names = [name for name in read_env(over={}) if name.endswith("_PORT")]
            given |= {name: given.get(name) or str(free_port()) for name in names}
        keys = self.folder / "keys"
        own = {
            "DATA_DIR": str(self.folder / "data"),
            "TOKEN_KEYS": str(keys),
            "FRONT_SECRET_FILE": str(keys / "front.secret"),
            "SMTP_URL": f"drop://{self.folder}/mail",
        }
        (self.folder / "data").mkdir(exist_ok=True)
        more = ("CLOCK", "CLOCK_FILE", "MAIL_FROM", "SMTP_URL", "SMTP_TIMEOUT", "WEB_CONCURRENCY")
        passed = {name: given[name] for name in more if given.get(name)}
        return own | read_env(over=given) | passed

    def _start_servers(self) -> None:
        """Start the servers that were not given, both at once."""
        database = self.over.get("STACK_POSTGRES_URL")
        bus = self.over.get("STACK_RABBITMQ_URL")
        if not bus:
            password = self._secret("rabbitmq")
            self.rabbitmq = RabbitMQ(self.folder / "rabbitmq", password=password, durable=True)
            self.rabbitmq.begin()
        if not database:
            password = self._secret("postgres")
            self.postgres = Postgres(self.folder / "postgresql", password=password, durable=True)
            self.postgres.begin()
            if self.postgres.process is not None:
                self.supervisor.note("postgresql", self.postgres.process.pid)
        self.env["DATABASE_ADMIN_URL"] = database or str(self.postgres and self.postgres.wait())
        self.env["BUS_URL"] = bus or str(self.rabbitmq and self.rabbitmq.wait())
        if self.rabbitmq is not None:
            self.supervisor.note("rabbitmq", self.rabbitmq.pid())

    def _name_databases(self) -> None:
        """Give every service a database and a role of its own; `migrate` makes them."""
        prefix = self.over.get("STACK_NAME", "xiuhao")
        server = self.env["DATABASE_ADMIN_URL"].split("@", 1)[-1].rsplit("/", 1)[0]
        for service in SERVICES:
            name, password = f"{prefix}_{service}", self._secret(f"{service}-database")
            address = f"postgresql+psycopg://{name}:{password}@{server}/{name}"
            self.env[f"{service.upper()}_DATABASE_URL"] = address

    def _write_settings(self) -> None:
        """Leave the settings for operator commands (`make dead-letters STACK=1`), for us alone."""
        path = self.folder / "settings.env"
        path.touch(mode=0o600)
        lines = [f"{name}='{value}'" for name, value in sorted(self.env.items())]
        path.write_text("\n".join(lines) + "\n")

    def _secret(self, name: str) -> str:
        """Return the password of this name, made once and kept readable for us alone."""
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(16))
        return path.read_text()

    def _wait_until_ready(self) -> None:
        names = ["WEB", *(name.upper() for name in SERVICES)]
        deadline = time.monotonic() + READY_SECONDS
        for name in names:
            path = "healthz" if name == "WEB" else "readyz"
            while not _answers(f"http://127.0.0.1:{self.env[f'{name}_PORT']}/{path}"):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{name.lower()} did not get ready; read its lines above.")
                time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def fill(stack: Stack) -> None:
    """Give a demo its people and its centre; the weeks ahead are planned at every start."""
    from deploy import demo
    from deploy.driver import Api

    command = [sys.executable, "-m", "services.identity.cli", "demo-people"]
    quiet = subprocess.DEVNULL
    subprocess.run(command, env={**os.environ, **stack.env}, check=True, stdout=quiet)
    founded = stack.folder / "demo.founded"
    if not founded.exists():
        demo.Centre(Api(stack.url)).found()
        founded.touch()
    demo.keep_fresh(stack.url)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the stack until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    folder = Path(os.environ.get("STATE") or ROOT / "var" / "stack")
    try:
        with Stack(folder) as stack:
            if stack.env["DEMO"] == "1":
                fill(stack)
            print(f"\n  修好 Xiuhao  {stack.env['PUBLIC_URL']}\n  data: {folder}    stop: Ctrl-C\n")
            sys.stdout.flush()
            while True:
                signal.pause()
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 0
    except (CannotInstall, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
