"""Keep one throw-away server alive for as long as another process lives, then stop it."""

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from deploy.local_servers.debian import CannotInstall
from deploy.local_servers.postgres import Postgres
from deploy.local_servers.rabbitmq import RabbitMQ


def main() -> int:
    """Start the server, write `<kind>.json` with its address, wait, stop it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["postgresql", "rabbitmq"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--while-pid", type=int, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kinds: dict[str, type[Postgres] | type[RabbitMQ]]
    kinds = {"postgresql": Postgres, "rabbitmq": RabbitMQ}
    server = kinds[given.kind](given.folder / given.kind)
    try:
        _tell(given, _start(server))
        while _lives(given.while_pid):
            time.sleep(0.3)
    finally:
        server.stop()
        if not _lives(given.while_pid):  # killed before it could tidy up itself
            shutil.rmtree(given.folder, ignore_errors=True)
    return 0


def _start(server: Postgres | RabbitMQ) -> dict[str, str]:
    try:
        server.start()
    except (CannotInstall, RuntimeError, OSError) as problem:
        return {"error": str(problem)}
    told = {"url": server.url}
    if isinstance(server, RabbitMQ):
        told["management_url"] = server.management_url
    return told


def _tell(given: argparse.Namespace, what: dict[str, str]) -> None:
    """Write the answer in one step, so that nobody reads half of it."""
    new = given.folder / f"{given.kind}.new"
    new.write_text(json.dumps(what))
    new.rename(given.folder / f"{given.kind}.json")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
