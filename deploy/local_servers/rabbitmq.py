"""A RabbitMQ broker of our own: Debian's programs, its own epmd, free ports on 127.0.0.1."""

import os
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local_servers import debian, processes

PACKAGES = ["rabbitmq-server"]
HELLO = b"AMQP\0\0\x09\x01"
QUIET = "+sbwt none +sbwtdcpu none +sbwtdio none"  # schedulers that do not spin while idle


@dataclass(frozen=True)
class RabbitPrograms:
    """Where the broker's script and Erlang are, and what they need to run from there."""

    server: Path
    erlang: Path
    env: dict[str, str]


def find_rabbitmq(root: Path = Path("/")) -> RabbitPrograms | None:
    """Return Debian's newest broker below the root folder, or None.

    The script below /usr/lib is used: the one in /usr/sbin insists on the user rabbitmq.
    """
    found = sorted(root.glob("usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"))
    erlang = root / "usr/lib/erlang/bin"
    if not found or not (erlang / "erl").exists():
        return None
    return RabbitPrograms(found[-1], erlang, debian.library_path(root))


def provide_rabbitmq() -> RabbitPrograms:
    """Find the broker, installing Debian's packages when there is none."""
    found = find_rabbitmq()
    if found is None:
        root = debian.provide(PACKAGES)
        _move_erlang(root)
        found = find_rabbitmq(root)
    if found is None:
        raise debian.CannotInstall("Debian's rabbitmq-server package brought no broker.")
    return found


def _move_erlang(root: Path) -> None:
    """Tell an unpacked Erlang where it lies: Debian writes the place into its scripts."""
    if root == Path("/"):
        return
    scripts = [root / "usr/lib/erlang/bin/erl", *root.glob("usr/lib/erlang/erts-*/bin/erl")]
    for script in scripts:
        old, new = "ROOTDIR=/usr/lib/erlang", f"ROOTDIR={root}/usr/lib/erlang"
        script.write_text(script.read_text().replace(old + "\n", new + "\n"))


@dataclass
class RabbitMQ:
    """One broker in one folder, with an API for making virtual hosts on `management_port`.

    Not durable means: killed when it is not needed any more, instead of stopped with care.
    """

    folder: Path
    port: int = 0
    management_port: int = 0
    password: str = "guest"  # noqa: S105 - RabbitMQ's own default, good for a throw-away
    durable: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    epmd: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address clients use."""
        return f"amqp://guest:{self.password}@127.0.0.1:{self.port}/"

    @property
    def management_url(self) -> str:
        """The address of the management API."""
        return f"http://guest:{self.password}@127.0.0.1:{self.management_port}"

    def start(self) -> str:
        """Start epmd and the broker, wait until it speaks AMQP, return its address."""
        self.begin()
        return self.wait()

    def begin(self) -> None:
        """Start it without waiting until it answers."""
        programs = provide_rabbitmq()
        self.port = self.port or processes.free_port()
        self.management_port = self.management_port or processes.free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_configuration()
        processes.give_away(self.folder)
        log = self.folder / "rabbitmq.log"
        env = self._environment(programs, epmd_port=processes.free_port())
        epmd = str(programs.erlang / "epmd")
        command = [epmd, "-port", env["ERL_EPMD_PORT"], "-address", "127.0.0.1"]
        self.epmd = processes.start(command, self.folder, log, env)
        self.process = processes.start([str(programs.server)], self.folder, log, env)

    def wait(self) -> str:
        """Wait until it answers and return its address."""
        if self.process is not None:
            log = self.folder / "rabbitmq.log"
            processes.wait_until(self._answers, self.process, log, 90)
        return self.url

    def _write_configuration(self) -> None:
        lines = [
            "loopback_users.guest = true",
            f"default_pass = {self.password}",
            "vm_memory_high_watermark.absolute = 512MB",
            "disk_free_limit.absolute = 50MB",
            "raft.wal_max_size_bytes = 16777216",
            "log.console.level = warning",
            "management.tcp.ip = 127.0.0.1",
            f"management.tcp.port = {self.management_port}",
            "management_agent.disable_metrics_collector = true",
        ]
        (self.folder / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        (self.folder / "enabled_plugins").write_text("[rabbitmq_management].\n")

    def _environment(self, programs: RabbitPrograms, epmd_port: int) -> dict[str, str]:
        home = str(self.folder)
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            **programs.env,
            "HOME": home,
            "PATH": f"{programs.erlang}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # A fixed name: what the folder holds belongs to the node of this name.
            "RABBITMQ_NODENAME": "xiuhao@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(processes.free_port()),
            "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
            "RABBITMQ_LOG_BASE": f"{home}/log",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{home}/pid",
            "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{loopback} {QUIET}",
        }

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as probe:
                probe.sendall(HELLO)
                return bool(probe.recv(1))
        except OSError:
            return False

    def pid(self) -> int:
        """The process id of the broker itself (its script writes it down)."""
        return int((self.folder / "pid").read_text())

    def stop(self) -> None:
        """Stop the broker cleanly, or at once where nothing has to last; then epmd."""
        if self.process is not None:
            try:
                os.kill(self.pid(), signal.SIGTERM if self.durable else signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError, ValueError):
                self.process.terminate()
            processes.stop(self.process, signal.SIGCONT)
            self.process = None
        if self.epmd is not None:
            processes.stop(self.epmd, signal.SIGKILL)
            self.epmd = None
