"""The one place where the parts of the roster are wired together."""

from collections.abc import Callable, Sequence

from flask import Flask
from sqlalchemy.orm import Session

from services.roster.consumers import HANDLERS
from services.roster.routes import ACCESS, BLUEPRINTS
from services.roster.settings import Settings
from services.roster.use_cases.attendance import close_forgotten
from services.roster.use_cases.help import end_due_calls
from services.roster.use_cases.offers import expire_offers
from services.roster.use_cases.proposals import forget_old
from services.roster.use_cases.ranking import forget_old_week, publish_due
from services.roster.use_cases.records import forget_old_records
from services.roster.use_cases.rounds import advance_rounds
from services.roster.use_cases.searching import search_next
from services.roster.use_cases.skills import lapse_skills
from services.roster.use_cases.standby import serve_standby
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.inbox import Consumer
from shared.worker import Timer, Worker

CLOSE_EVERY = 60.0
ASK_EVERY = 5.0
SEARCH_EVERY = 1.0
FORGET_EVERY = 3600.0


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
        Timer("help", ASK_EVERY, lambda: end_due_calls(store)),
        Timer("lapse-skills", CLOSE_EVERY, lambda: lapse_all_skills(store)),
        Timer("ranking", CLOSE_EVERY, lambda: publish_due(store)),
        Timer("forget-ranking", FORGET_EVERY, lambda: forget_rankings(store)),
        Timer("forget-proposals", FORGET_EVERY, lambda: forget_proposals(store)),
        Timer("forget-records", FORGET_EVERY, lambda: forget_records(store)),
    ]
    return Searching(settings, store, bus, consumer, timers)


class Searching(Worker):
    """The roster's worker also looks for proposals, one after the other, and lets go of one when it is told to stop."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bus: Bus,
        consumer: Consumer,
        timers: Sequence[Timer],
    ) -> None:
        search = Timer("search", SEARCH_EVERY, self._search)
        super().__init__(settings, database, bus, consumer, [*timers, search])

    def _search(self) -> None:
        while search_next(self.database, self.stopping):
            pass


def close_all_forgotten(database: Database) -> int:
    """Close every forgotten check-out, a batch per transaction; return how many."""
    return _in_batches(database, close_forgotten)


def tend_offers(database: Database) -> int:
    """End offers whose time is over, and ask whoever is next; return how many were asked."""
    expire_offers(database)
    serve_standby(database)
    return advance_rounds(database)


def lapse_all_skills(database: Database) -> int:
    """Announce the end of every skill that has expired, a batch per transaction."""
    return _in_batches(database, lapse_skills)


def forget_proposals(database: Database) -> int:
    """Remove proposals that ended long ago, a batch per transaction."""
    return _in_batches(database, forget_old)


def forget_records(database: Database) -> int:
    """Blank what was printed of records whose term is over, a batch per transaction."""
    return _in_batches(database, forget_old_records)


def forget_rankings(database: Database) -> int:
    """Remove the lists of weeks that are kept no longer, a week per transaction."""
    return _in_batches(database, forget_old_week)


def _in_batches(database: Database, work: Callable[[Session], int]) -> int:
    total = 0
    while True:
        with database.transaction() as session:
            done = work(session)
        total += done
        if not done:
            return total
