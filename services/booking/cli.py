"""Operator commands of booking: those that every service has (`--help` lists them)."""

from collections.abc import Sequence

from services.booking.app import create_app, open_database
from services.booking.consumers import HANDLERS
from services.booking.settings import read_settings
from shared import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    return commands.main(read_settings(), open_database, create_app, HANDLERS, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
