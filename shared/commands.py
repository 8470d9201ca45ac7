"""Operator commands that every service has: migrate, dead letters, outbox, audit, openapi."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from shared import audit, inbox, outbox
from shared.clock import iso
from shared.database import Database
from shared.inbox import Consumer, Handler
from shared.migrations import upgrade
from shared.settings import BaseSettings, configure_clock


def main(
    settings: BaseSettings,
    open_database: Callable[[Any], Database],
    create_app: Callable[[Any, Database], Flask],
    handlers: Mapping[str, Handler],
    arguments: Sequence[str] | None,
) -> int:
    """Run the command that ``arguments`` (or the command line) name; return the exit status."""
    configure_clock(settings)
    given = list(sys.argv[1:] if arguments is None else arguments)
    database = open_database(settings)
    try:
        if given == ["openapi"]:
            return _describe(settings.service, create_app(settings, database))
        return _run(
            settings.service, database, Consumer(settings.service, database, handlers), given
        )
    finally:
        database.dispose()


def _describe(service: str, app: Flask) -> int:
    described = app.test_client().get(f"/api/{service}/v1/openapi.json").get_json()
    print(json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True))
    return 0


def _run(service: str, database: Database, consumer: Consumer, arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"services.{service}.cli")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database up to date")
    letters = commands.add_parser("dead-letters", help="messages that were laid aside")
    letters.add_argument("act", choices=["show", "replay", "drop"])
    letters.add_argument("id", nargs="*", help="letters to replay or drop; 'all' for every one")
    commands.add_parser("outbox", help="how many events wait to be sent, and since when")
    commands.add_parser("audit", help="check the chain of seals")
    commands.add_parser("openapi", help="print the description of the API")
    given = parser.parse_args(arguments)
    if given.command == "migrate":
        print("migrated" if upgrade(f"services.{service}", database) else "nothing to do")
        return 0
    if given.command == "outbox":
        with database.reading() as session:
            age = outbox.oldest_unsent_seconds(session)
            print(f"{outbox.unsent(session)} unsent, the oldest for {age:.0f} s")
        return 0
    if given.command == "audit":
        return _check_audit(database)
    return _dead_letters(service, database, consumer, given.act, given.id)


def _check_audit(database: Database) -> int:
    audit.seal(database)
    with database.reading() as session:
        broken = audit.broken_at(session)
    print("the chain holds" if broken is None else f"the chain breaks at row {broken}")
    return 0 if broken is None else 1


def _dead_letters(
    service: str, database: Database, consumer: Consumer, act: str, ids: list[str]
) -> int:
    with database.reading() as session:
        letters = inbox.show(session, service)
    if act == "show":
        for letter in letters:
            print(letter["id"], iso(letter["died_at"]), letter["type"], letter["reason"], sep="\t")
        print(f"{len(letters)} dead letters", file=sys.stderr)
        return 0
    chosen = [letter["id"] for letter in letters] if ids == ["all"] else ids
    if not chosen:
        print("name the letters, or 'all'", file=sys.stderr)
        return 2
    missing = 0
    for letter_id in chosen:
        if act == "replay":
            done = inbox.replay(consumer, database, letter_id)
        else:
            with database.transaction() as session:
                done = inbox.drop(session, letter_id)
        missing += not done
        print(letter_id, f"{act} done" if done else "is not there", sep="\t")
    return 1 if missing else 0
