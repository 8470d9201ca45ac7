"""Operator commands of notify: those that every service has (`--help` lists them)."""

from collections.abc import Sequence

from services.notify.app import create_app, open_database
from services.notify.consumers import HANDLERS
from services.notify.settings import read_settings
from shared import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    return commands.main(read_settings(), open_database, create_app, HANDLERS, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
