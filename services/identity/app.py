"""The one place where the parts of identity are wired together."""

from flask import Flask

from services.identity.routes import ACCESS, BLUEPRINTS
from services.identity.settings import Settings
from services.identity.use_cases.sign_in import forget_ended
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.worker import Timer, Worker

HOUR = 3600.0


def open_database(settings: Settings) -> Database:
    """Open identity's database."""
    return Database(settings.database_url, settings.service, settings.threads)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Return identity's web application."""
    return build_app(settings, database or open_database(settings), BLUEPRINTS, ACCESS)


def create_worker(settings: Settings, bus: Bus, database: Database | None = None) -> Worker:
    """Return identity's background work: the relay, and forgetting what has ended."""
    database = database or open_database(settings)
    timers = [Timer("forget-ended", HOUR, lambda: forget_ended(database))]
    return Worker(settings, database, bus, None, timers)
