"""Operator commands: migrate, dead letters, outbox, audit."""

import sys

from services.notify.app import open_database
from services.notify.consumers import HANDLERS
from services.notify.settings import read_settings
from shared.commands import run
from shared.inbox import Consumer


def main() -> int:
    """Run one command."""
    settings = read_settings()
    database = open_database(settings)
    consumer = Consumer(settings.service, database, HANDLERS)
    return run(settings.service, database, consumer, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
