"""The job that runs before everything else: keys, databases up to date, every queue declared."""

import os
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from deploy.processes import SERVICES
from shared.auth import ensure_keys
from shared.bus import Bus, BusAway, connect_bus
from shared.database import Database
from shared.migrations import upgrade
from shared.settings import BaseSettings

PATIENCE_SECONDS = 60.0


def main() -> int:
    """Do the job with the settings of the environment (those of all services)."""
    prepare(os.environ)
    return 0


def prepare(env: Mapping[str, str]) -> None:
    """Make keys and tables and queues; doing it again does nothing."""
    settings = [read_settings(name, env) for name in SERVICES]
    ensure_keys(Path(settings[0].token_keys))
    for one in settings:
        migrate(one)
    bus = connect_bus(settings[0].bus_url)
    for one in settings:
        declare(bus, one.service)
    bus.close()


def read_settings(name: str, env: Mapping[str, str]) -> BaseSettings:
    """Return the settings of a service."""
    settings: BaseSettings = import_module(f"services.{name}.settings").read_settings(env)
    return settings


def migrate(settings: BaseSettings) -> None:
    """Bring one service's database up to date."""
    database = Database(settings.database_url, settings.service)
    try:
        changed = upgrade(f"services.{settings.service}", database)
    finally:
        database.dispose()
    print(f"{settings.service}: {'migrated' if changed else 'up to date'}", flush=True)


def declare(bus: Bus, service: str) -> None:
    """Declare the queue of a service's consumer; waits for a broker that is still starting."""
    handlers = import_module(f"services.{service}.consumers").HANDLERS
    deadline = time.monotonic() + PATIENCE_SECONDS
    while handlers:
        try:
            bus.declare(service, sorted(handlers))
        except BusAway:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
