"""The one place where the parts of catalog are wired together."""

from flask import Flask

from services.catalog.routes import ACCESS, BLUEPRINTS
from services.catalog.settings import Settings
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.worker import Worker


def open_database(settings: Settings) -> Database:
    """Open catalog's database."""
    return Database(settings.database_url, settings.service, settings.threads)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Return catalog's web application."""
    return build_app(settings, database or open_database(settings), BLUEPRINTS, ACCESS)


def create_worker(settings: Settings, bus: Bus, database: Database | None = None) -> Worker:
    """Return catalog's background work: the relay."""
    return Worker(settings, database or open_database(settings), bus, None)
