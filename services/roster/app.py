"""The one place where the parts of the roster are wired together."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from services.roster.consumers import HANDLERS
from services.roster.routes import ACCESS, BLUEPRINTS
from services.roster.settings import Settings
from services.roster.use_cases.attendance import close_forgotten
from services.roster.use_cases.offers import expire_offers
from services.roster.use_cases.rounds import advance_rounds
from services.roster.use_cases.skills import lapse_skills
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.inbox import Consumer
from shared.worker import Timer, Worker

CLOSE_EVERY = 60.0
ASK_EVERY = 5.0


def open_database(settings: Settings) -> Database:
    """Open the roster's database."""
    return Database(settings.database_url, settings.service, settings.threads)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Return the roster's web application."""
    return build_app(settings, database or open_database(settings), BLUEPRINTS, ACCESS)


def create_worker(settings: Settings, bus: Bus, database: Database | None = None) -> Worker:
    """Return the roster's background work: relay, consumer, and closing forgotten check-outs."""
    store = database or open_database(settings)
    consumer = Consumer(settings.service, store, HANDLERS)
    timers = [
        Timer("close-forgotten", CLOSE_EVERY, lambda: close_all_forgotten(store)),
        Timer("offers", ASK_EVERY, lambda: tend_offers(store)),
        Timer("lapse-skills", CLOSE_EVERY, lambda: lapse_all_skills(store)),
    ]
    return Worker(settings, store, bus, consumer, timers)


def close_all_forgotten(database: Database) -> int:
    """Close every forgotten check-out, a batch per transaction; return how many."""
    return _in_batches(database, close_forgotten)


def tend_offers(database: Database) -> int:
    """End offers whose time is over, and ask whoever is next; return how many were asked."""
    expire_offers(database)
    return advance_rounds(database)


def lapse_all_skills(database: Database) -> int:
    """Announce the end of every skill that has expired, a batch per transaction."""
    return _in_batches(database, lapse_skills)


def _in_batches(database: Database, work: Callable[[Session], int]) -> int:
    total = 0
    while True:
        with database.transaction() as session:
            done = work(session)
        total += done
        if not done:
            return total
