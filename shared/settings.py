"""Settings from the environment: one place that reads it, typed and checked at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared import clock

YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}


class BadSetting(Exception):
    """A setting is missing or makes no sense; the text says which and what would."""


@dataclass(frozen=True, kw_only=True)
class BaseSettings:
    """What every service needs to know. Paths are absolute or relative to the working folder."""

    service: str
    database_url: str
    bus_url: str
    demo: bool
    clock: str
    clock_file: Path | None
    token_keys: Path
    front_secret_file: Path
    data_dir: Path
    public_url: str
    zone: str
    threads: int
    worker_port: int
    log_level: str


def flag(env: Mapping[str, str], name: str) -> bool:
    """Read a yes/no setting; absent means no."""
    value = env.get(name, "").strip().lower()
    if value in YES:
        return True
    if value in NO:
        return False
    raise BadSetting(f"{name} is 1 or 0, not {value!r}")


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a whole number."""
    value = env.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise BadSetting(f"{name} is a whole number, not {value!r}") from None


def fields_from_env(service: str, env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the keyword arguments of ``BaseSettings`` for ``service``.

    A simulated clock and real people exclude each other: it is refused unless the suite is a
    throw-away (``DEMO=1``).
    """
    data_dir = Path(env.get("DATA_DIR", "var"))
    keys = Path(env.get("TOKEN_KEYS", str(data_dir / "keys")))
    clock_file = env.get("CLOCK_FILE")
    mode = env.get("CLOCK", clock.REAL) or clock.REAL
    demo = flag(env, "DEMO")
    if mode == clock.SIMULATED and not demo:
        raise BadSetting("CLOCK=simulated is for throw-away suites only: it also needs DEMO=1")
    if mode == clock.SIMULATED and not clock_file:
        raise BadSetting("CLOCK=simulated also needs CLOCK_FILE")
    return {
        "service": service,
        "database_url": secret(env, f"{service.upper()}_DATABASE_URL")
        or f"sqlite:///{data_dir / f'{service}.sqlite'}",
        "bus_url": secret(env, "BUS_URL") or "inprocess://",
        "demo": demo,
        "clock": mode,
        "clock_file": Path(clock_file) if clock_file else None,
        "token_keys": keys,
        "front_secret_file": Path(env.get("FRONT_SECRET_FILE", str(keys / "front.secret"))),
        "data_dir": data_dir,
        "public_url": env.get("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        "zone": env.get("ZONE", "Asia/Shanghai"),
        "threads": number(env, "THREADS", 8),
        "worker_port": number(env, "WORKER_PORT", 0),
        "log_level": env.get("LOG_LEVEL") or "INFO",
    }


def secret(env: Mapping[str, str], name: str) -> str | None:
    """Read a setting that may hold a password: from ``NAME``, or from the file that ``NAME_FILE`` names."""
    if env.get(name):
        return env[name]
    file = env.get(f"{name}_FILE")
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise BadSetting(f"{name}_FILE cannot be read: {problem}") from problem


def configure_clock(settings: BaseSettings) -> None:
    """Give this process the clock that its settings name."""
    clock.configure(settings.clock, settings.clock_file)
