"""The only place where booking's parts are wired."""

from flask import Flask

from services.booking.consumers import HANDLERS
from services.booking.routes import ACCESS, BLUEPRINTS
from services.booking.settings import Settings
from services.booking.use_cases.photos import purge_photos
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.inbox import Consumer
from shared.worker import Timer, Worker


def open_database(settings: Settings) -> Database:
    """Open booking's database with a connection for each thread."""
    return Database(settings.database_url, "booking", pool_size=settings.threads)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Return booking's web application."""
    return build_app(settings, database or open_database(settings), BLUEPRINTS, ACCESS)


def create_worker(settings: Settings, bus: Bus, database: Database | None = None) -> Worker:
    """Return booking's background work: relay, consumer, purge of photos."""
    database = database or open_database(settings)
    consumer = Consumer("booking", database, HANDLERS)
    folder = settings.photo_folder
    timers = [Timer("photos", 600.0, lambda: purge_photos(database, folder))]
    return Worker(settings, database, bus, consumer, timers)
