"""The only place where booking's parts are wired."""

from flask import Flask
from prometheus_client import Gauge

from services.booking.consumers import HANDLERS
from services.booking.queries.line import waiting_everywhere
from services.booking.routes import ACCESS, BLUEPRINTS
from services.booking.settings import Settings
from services.booking.use_cases import feedback
from services.booking.use_cases.completing import settle_due
from services.booking.use_cases.conflicts import forget_words
from services.booking.use_cases.displacing import displace_due
from services.booking.use_cases.displays import forget_old
from services.booking.use_cases.draws import draw_due
from services.booking.use_cases.ending import close_old_lines
from services.booking.use_cases.hand_back import forget_acknowledgements
from services.booking.use_cases.line_policy import forget_acts, step_due
from services.booking.use_cases.missed import note_missed
from services.booking.use_cases.photos import purge_photos
from services.booking.use_cases.pressure import watch_pressure
from services.booking.use_cases.quizzes import forget_attempts
from services.booking.use_cases.wait_scores import score_sessions
from services.booking.use_cases.waitlist_time import expire_offers, tend_waiting
from shared.bus import Bus
from shared.database import Database
from shared.http import build_app
from shared.inbox import Consumer
from shared.telemetry import REGISTRY
from shared.worker import Timer, Worker

WAITING = Gauge("suite_queue_length", "People who wait in a line.", registry=REGISTRY)


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
    timers = [
        Timer("photos", 600.0, lambda: purge_photos(database, folder)),
        Timer("displacing", 5.0, lambda: displace_due(database)),
        Timer("draws", 1.0, lambda: draw_due(database)),
        Timer("line-steps", 5.0, lambda: step_due(database)),
        Timer("missed", 60.0, lambda: _note_missed(database)),
        Timer("old-lines", 600.0, lambda: _close_old_lines(database)),
        Timer("offers", 15.0, lambda: expire_offers(database)),
        Timer("feedback", 600.0, lambda: _ask_feedback(database)),
        Timer("completing", 600.0, lambda: _settle(database)),
        Timer("waiting", 15.0, lambda: tend_waiting(database)),
        Timer("wait-scores", 600.0, lambda: _score_waits(database)),
        Timer("pressure", 10.0, lambda: watch_pressure(database)),
        Timer("queue-length", 10.0, lambda: _measure(database), alone=False),
    ]
    return Worker(settings, database, bus, consumer, timers)


def _note_missed(database: Database) -> None:
    with database.transaction() as session:
        note_missed(session)


def _close_old_lines(database: Database) -> None:
    with database.transaction() as session:
        close_old_lines(session)
        forget_acknowledgements(session)
        forget_words(session)
        forget_old(session)
        forget_acts(session)


def _ask_feedback(database: Database) -> None:
    with database.transaction() as session:
        feedback.ask_due(session)
        feedback.forget_old_words(session)


def _settle(database: Database) -> None:
    with database.transaction() as session:
        settle_due(session)
        forget_attempts(session)


def _score_waits(database: Database) -> None:
    with database.transaction() as session:
        score_sessions(session)


def _measure(database: Database) -> None:
    with database.reading() as session:
        WAITING.set(waiting_everywhere(session))
