"""Operator commands of identity: the first administrator, demo people, and what every service has."""

import argparse
import sys
from collections.abc import Sequence

from services.identity.app import create_app, open_database
from services.identity.consumers import HANDLERS
from services.identity.settings import Settings, read_settings
from services.identity.use_cases.first_people import ensure_demo_people, make_administrator
from shared import commands
from shared.database import Database
from shared.errors import Refusal
from shared.migrations import upgrade
from shared.settings import configure_clock

OWN = ("create-admin", "demo-people")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings = read_settings()
    if not given or given[0] not in OWN:
        return commands.main(settings, open_database, create_app, HANDLERS, given)
    configure_clock(settings)
    database = open_database(settings)
    try:
        return _own(settings, database, given)
    finally:
        database.dispose()


def _own(settings: Settings, database: Database, given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="services.identity.cli")
    acts = parser.add_subparsers(dest="command", required=True)
    admin = acts.add_parser("create-admin", help="make an administrator; prints a one-time link")
    admin.add_argument("login")
    admin.add_argument("--name", help="the person's name (default: the login)")
    acts.add_parser("demo-people", help="make the demo people (DEMO=1 only)")
    words = parser.parse_args(given)
    upgrade("services.identity", database)
    try:
        if words.command == "demo-people":
            with database.transaction() as session:
                people = ensure_demo_people(session, demo=settings.demo)
            print(f"{len(people)} demo people: {' '.join(people)}")
            return 0
        return _create_admin(settings, database, words.login, words.name)
    except Refusal as refusal:
        texts = [refusal.text("en"), refusal.text("zh"), *refusal.field_texts("en").values()]
        print(" ".join(texts), file=sys.stderr)
        return 1


def _create_admin(settings: Settings, database: Database, login: str, name: str | None) -> int:
    with database.transaction() as session:
        person, secret = make_administrator(session, login, name)
    print(f"{person.login} is an administrator. Choose a password within an hour, once:")
    print(f"{settings.public_url}/reset/{secret}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
