"""Where notify's parts are wired: its web application and its worker."""

from flask import Flask
from prometheus_client import Gauge

from services.notify.consumers import HANDLERS
from services.notify.queries.deliveries import oldest_waiting_seconds
from services.notify.routes import ACCESS, BLUEPRINTS
from services.notify.settings import Settings
from services.notify.use_cases.sending import BATCH, send_due
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.inbox import Consumer
from shared.worker import Timer, Worker

POLL_SECONDS = 1.0
MAIL_AGE = Gauge("notify_oldest_waiting_seconds", "Seconds since the oldest unsent mail was due")


def open_database(settings: Settings) -> Database:
    """Open notify's database."""
    return Database(settings.database_url, settings.service, pool_size=settings.threads)


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """Return notify's web application."""
    return build_app(settings, database or open_database(settings), BLUEPRINTS, ACCESS)


def create_worker(settings: Settings, bus: Bus, database: Database | None = None) -> Worker:
    """Return notify's worker: consumer, relay, and the timers that send."""
    database = database or open_database(settings)
    consumer = Consumer(settings.service, database, HANDLERS)

    def send() -> None:
        while send_due(database, settings) == BATCH:
            pass

    def measure() -> None:
        with database.reading() as session:
            MAIL_AGE.set(oldest_waiting_seconds(session))

    timers = [
        Timer("send", POLL_SECONDS, send, alone=False),
        Timer("mail-age", 15.0, measure, alone=False),
    ]
    return Worker(settings, database, bus, consumer, timers)
