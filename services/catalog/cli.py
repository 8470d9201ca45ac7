"""Operator commands of catalog: what every service has."""

import sys
from collections.abc import Sequence

from services.catalog.app import open_database
from services.catalog.consumers import HANDLERS
from services.catalog.settings import read_settings
from shared import commands
from shared.inbox import Consumer
from shared.settings import configure_clock


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings = read_settings()
    configure_clock(settings)
    database = open_database(settings)
    return commands.run("catalog", database, Consumer("catalog", database, HANDLERS), given)


if __name__ == "__main__":
    raise SystemExit(main())
