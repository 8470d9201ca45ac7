"""The live process: server-sent events from one small table of versions, one poller for all streams.

What is pushed is a version; a page then fetches its own fragment, so nothing private travels here.
`gunicorn services.booking.live:app`; the one-process deployment mounts `create_live_app`.
"""

import json
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, request
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from services.booking.app import open_database
from services.booking.models.live import CHANGED, topic_of, version_of, versions
from services.booking.settings import read_settings
from shared import telemetry
from shared.database import Database
from shared.http import problem, reply
from shared.settings import configure_clock

POLL_SECONDS = 0.2
AWAY_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
SPARE_THREADS = 16
STREAMS = Gauge("suite_live_streams", "Open live streams.", registry=telemetry.REGISTRY)
log = structlog.get_logger(__name__)


class Hub:
    """Knows the newest version of every followed topic; one thread reads the table for all."""

    def __init__(self, database: Database, max_streams: int) -> None:
        self._database = database
        self._max = max_streams
        self._followed: Counter[str] = Counter()
        self._versions: dict[str, int] = {}
        self._news = threading.Condition()
        self._poller: threading.Thread | None = None
        self.closed = False

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return self._followed.total()

    def enter(self, topic: str) -> bool:
        """Take a place for a stream of `topic`; False above the cap or while closing."""
        with self._news:
            if self.closed or self.streams >= self._max:
                return False
            self._followed[topic] += 1
            STREAMS.set(self.streams)
            if self._poller is None:  # started by the first stream: threads do not survive a fork
                self._poller = threading.Thread(target=self._poll, name="live-poller", daemon=True)
                self._poller.start()
        CHANGED.set()
        return True

    def exit(self, topic: str) -> None:
        """Give the place of a stream back."""
        with self._news:
            self._followed[topic] -= 1
            if self._followed[topic] <= 0:
                del self._followed[topic]
                self._versions.pop(topic, None)
            STREAMS.set(self.streams)

    def newer(self, topic: str, seen: int | None) -> int | None:
        """Wait for a version that differs from `seen`; None when a heartbeat is due or at the end."""

        def there() -> bool:
            return self.closed or self._versions.get(topic, seen) != seen

        with self._news:
            self._news.wait_for(there, HEARTBEAT_SECONDS)
            version = self._versions.get(topic)
        return None if self.closed or version == seen else version

    def close(self) -> None:
        """End every stream; browsers come back to whoever answers then."""
        self.closed = True
        CHANGED.set()
        if self._news.acquire(timeout=1):
            self._news.notify_all()
            self._news.release()

    def _poll(self) -> None:
        while not self.closed:
            CHANGED.wait(POLL_SECONDS)  # a hint from this process; the table is the truth
            CHANGED.clear()
            try:
                self._read()
            except SQLAlchemyError as error:
                log.warning("live.database_away", error=type(error).__name__)
                threading.Event().wait(AWAY_SECONDS)

    def _read(self) -> None:
        with self._news:
            topics = list(self._followed)
        if not topics:
            return
        with self._database.reading() as session:
            found = versions(session, topics)
        with self._news:
            fresh = {topic: v for topic, v in found.items() if topic in self._followed}
            if fresh != self._versions:
                self._versions = fresh
                self._news.notify_all()


def create_live_app(database: Database, max_streams: int) -> Flask:
    """Return the live application; `app.extensions["live"].close()` ends its streams."""
    app = Flask("services.booking.live", static_folder=None)
    hub = app.extensions["live"] = Hub(database, max_streams)

    @app.get("/live/sessions/<uuid:id>")
    def stream(id: UUID) -> Response:
        """Push the session's version whenever it changes."""
        topic = topic_of(str(id))
        if not hub.enter(topic):
            return _full(str(id))
        response = Response(_events(hub, topic, _last_seen()), content_type="text/event-stream")
        response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        response.call_on_close(lambda: hub.exit(topic))
        return response

    @app.get("/live/sessions/<uuid:id>/version")
    def version(id: UUID) -> Response:
        """Answer the session's version, for those who poll."""
        with database.reading() as session:
            current = version_of(session, str(id))
        response = reply({"topic": topic_of(str(id)), "version": current})
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(str(current))
        response.make_conditional(request)
        return response

    _health(app, database)
    return app


def _events(hub: Hub, topic: str, seen: int | None) -> Iterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    while not hub.closed:
        version = hub.newer(topic, seen)
        if version is None:
            yield ": still here\n\n"
            continue
        seen = version
        data = json.dumps({"topic": topic, "version": version})
        yield f"id: {version}\nevent: version\ndata: {data}\n\n"


def _last_seen() -> int | None:
    last = request.headers.get("Last-Event-ID", "")
    return int(last) if last.isdecimal() and last.isascii() else None


def _full(session_id: str) -> Response:
    poll = f"/live/sessions/{session_id}/version"
    headers = {"Retry-After": "5", "Link": f'<{poll}>; rel="alternate"'}
    text = f"现在看的人很多，请改为轮询 {poll}。Too many live streams: poll {poll} instead."
    return problem(503, "too_many_streams", text, headers=headers)


def _health(app: Flask, database: Database) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return reply({"status": "ok", "service": "booking-live"})

    @app.get("/readyz")
    def readyz() -> Response:
        database.ready()
        return reply({"status": "ready", "service": "booking-live"})

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(telemetry.exposition(), content_type="text/plain; version=0.0.4")


def _served() -> Flask:
    """Make the application of this process, with streams that end when the process is told to."""
    settings = read_settings()
    telemetry.set_up_logging(settings.log_level)
    configure_clock(settings)
    streams = max(1, settings.threads - SPARE_THREADS)
    app = create_live_app(open_database(settings), streams)
    _close_at_term(app.extensions["live"])
    return app


def _close_at_term(hub: Hub) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: Any) -> None:
        threading.Thread(target=hub.close, daemon=True).start()  # a handler must not take locks
        if callable(before):
            before(number, frame)
        else:
            raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)


def __getattr__(name: str) -> Flask:
    """Make `app` when a server asks for it; importing this module for its parts makes nothing."""
    if name == "app":
        return _served()
    raise AttributeError(name)
