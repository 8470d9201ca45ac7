"""One test run: a folder and a name that all its xdist workers share."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """The folder of this run, its short unique name, and the process that owns it."""

    folder: Path
    name: str
    owner: int

    @classmethod
    def new(cls) -> "Run":
        """Make the folder in the process that the user started."""
        folder = Path(tempfile.mkdtemp(prefix="xiuhao-tests-"))
        folder.chmod(0o755)  # servers run as another user and keep their files in it
        return cls(folder, uuid4().hex[:8], os.getpid())

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Let one process of the run at a time do something."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def server(self, kind: str) -> dict[str, str]:
        """Return the addresses of the run's server of this kind, started when first asked."""
        answer = self.folder / f"{kind}.json"
        with self.alone(kind):
            if not answer.exists():
                self._keep(kind, answer)
        told: dict[str, str] = json.loads(answer.read_text())
        if "error" in told:
            raise RuntimeError(told["error"])
        return told

    def _keep(self, kind: str, answer: Path) -> None:
        command = [sys.executable, "-m", "deploy.local_servers", kind, str(self.folder)]
        command += ["--while-pid", str(self.owner)]
        with (self.folder / f"{kind}.keeper.log").open("wb") as log:
            keeper = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / f"{kind}.keeper").write_text(str(keeper.pid))
        while not answer.exists():
            if keeper.poll() is not None:
                tail = (self.folder / f"{kind}.keeper.log").read_text()[-800:]
                raise RuntimeError(f"{kind} could not be started: {tail}")
            time.sleep(0.05)
        keeper.returncode = 0  # it outlives this process on purpose

    def end(self) -> None:
        """Stop what was started and remove the folder."""
        for note in self.folder.glob("*.keeper"):
            _stop(int(note.read_text()))
        shutil.rmtree(self.folder, ignore_errors=True)


def _stop(pid: int) -> None:
    try:
        os.kill(pid, 15)
        for _ in range(400):
            os.kill(pid, 0)
            _reap(pid)
            time.sleep(0.05)
    except ProcessLookupError:
        return


def _reap(pid: int) -> None:
    """Collect the keeper where it is our own child, or it stays a zombie that looks alive."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
