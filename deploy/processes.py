"""The processes of the suite as the Procfile names them, and the settings each of them gets."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
PROCFILE = ROOT / "deploy" / "Procfile"
STACK_ENV = ROOT / "deploy" / "env" / "stack.env"
SERVICES = ("identity", "catalog", "roster", "booking", "notify")


@dataclass(frozen=True)
class Process:
    """One line of the Procfile: `env` stands before the command, both still unexpanded."""

    name: str
    env: dict[str, str]
    command: list[str]

    @property
    def service(self) -> str:
        """The service it belongs to: `booking` for `booking-live`."""
        return self.name.split("-", 1)[0]

    def argv(self) -> list[str]:
        """Return the command with the programs of this very environment."""
        program = self.command[0]
        here = Path(sys.executable).parent / program
        first = sys.executable if program == "python" else str(here)
        return [first, *self.command[1:]]

    def settings(self, shared: Mapping[str, str]) -> dict[str, str]:
        """Return its environment: what all share, less the databases of other services."""
        own = f"{self.service.upper()}_DATABASE_URL"
        secret = ("_DATABASE_URL", "DATABASE_ADMIN_URL")
        mine = {k: v for k, v in shared.items() if not k.endswith(secret) or k == own}
        if self.service == "web":
            mine.pop("BUS_URL", None)
        return mine | {name: Template(value).substitute(shared) for name, value in self.env.items()}


def read_procfile(path: Path = PROCFILE) -> list[Process]:
    """Read the processes in the order of the file."""
    processes = []
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        words = shlex.split(rest)
        given = [word for word in words if _is_setting(word)]
        env = dict(word.split("=", 1) for word in given)
        processes.append(Process(name.strip(), env, words[len(given) :]))
    return processes


def _is_setting(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier() and name.isupper()


def read_env(path: Path = STACK_ENV, over: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Read settings, `NAME=value` a line; `over` wins, `$NAME` means a setting above."""
    settings: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.partition("=")
        if not equals or line.startswith("#"):
            continue
        settings[name] = over.get(name) or Template(value).safe_substitute(settings)
    return settings
