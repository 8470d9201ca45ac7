"""A service's background work: relay, consumer, retries and timers, each in a thread of its own."""

import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import structlog
from sqlalchemy import func, select

from shared import audit, idempotency, outbox, telemetry, wakeups
from shared.bus import Bus, BusAway
from shared.database import Database
from shared.inbox import Consumer
from shared.locks import only_one
from shared.settings import BaseSettings, configure_clock
from shared.tables import dead_letter, retry

JOIN_SECONDS = 10.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Timer:
    """Work that is done every ``seconds``; ``alone`` lets only one process of the service do it."""

    name: str
    seconds: float
    run: Callable[[], object]
    alone: bool = True


class Worker:
    """Runs what a service does without being asked. ``consumer`` is None where it listens to nothing."""

    def __init__(
        self,
        settings: BaseSettings,
        database: Database,
        bus: Bus,
        consumer: Consumer | None,
        timers: Sequence[Timer] = (),
    ) -> None:
        self.settings = settings
        self.database = database
        self.bus = bus
        self.consumer = consumer
        self._timers = [*timers, *self._housekeeping()]
        self._locks: Path = settings.data_dir / "locks"
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def declare(self) -> None:
        """Make this service's queue; every service does it before any relay starts."""
        if self.consumer is not None:
            self.bus.declare(self.consumer.service, self.consumer.types)

    def start(self) -> None:
        """Start every thread."""
        if self.consumer is not None:
            self._spawn("consumer", self._consume)
        relay = outbox.Relay(self.database, self.bus, self._locks)
        self._spawn("relay", lambda: relay.run(self._stop))
        for timer in self._timers:
            self._spawn(f"timer-{timer.name}", partial(self._run_timer, timer))

    def stop(self) -> None:
        """Ask every thread to end and wait for them."""
        self._stop.set()
        wakeups.waker(self.database.service).set()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    def stopping(self) -> bool:
        """Tell whether the process is to end: long work in a timer lets go then."""
        return self._stop.is_set()

    def run_forever(self) -> None:
        """Be the process: start, answer health checks, end at SIGTERM or SIGINT."""
        telemetry.set_up_logging(self.settings.log_level)
        configure_clock(self.settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        server = self._serve_health() if self.settings.worker_port else None
        self._declare_patiently()
        self.start()
        log.info("worker.started", service=self.settings.service)
        self._stop.wait()
        self.stop()
        if server is not None:
            server.shutdown()
        self.database.dispose()
        log.info("worker.stopped", service=self.settings.service)

    def _declare_patiently(self) -> None:
        while not self._stop.is_set():
            try:
                self.declare()
            except BusAway as problem:
                log.info("worker.waits_for_bus", error=str(problem))
                self._stop.wait(1.0)
            else:
                return

    def _consume(self) -> None:
        consumer = self.consumer
        if consumer is not None:
            self.bus.consume(consumer.service, consumer.types, consumer, self._stop)

    def _spawn(self, name: str, run: Callable[[], object]) -> None:
        full = f"{self.settings.service}-{name}"
        thread = threading.Thread(target=run, name=full, daemon=True)
        self._threads.append(thread)
        thread.start()

    def run_now(self, name: str) -> None:
        """Do a timer's work at once, whenever it is due: for a clock that leaps over the weeks between."""
        next(timer for timer in self._timers if timer.name == name).run()

    def _run_timer(self, timer: Timer) -> None:
        while not self._stop.is_set():
            try:
                if not timer.alone:
                    self._tick(timer, lambda: True)
                    continue
                name = f"timer-{timer.name}"
                with only_one(self.database, name, self._locks, self._stop) as alive:
                    self._tick(timer, alive)
            except Exception as problem:  # noqa: BLE001 - a timer outlives every outage
                log.warning("timer.waits", timer=timer.name, error=repr(problem))
                self._stop.wait(max(1.0, timer.seconds))

    def _tick(self, timer: Timer, alive: Callable[[], bool]) -> None:
        while not self._stop.is_set() and alive():
            timer.run()
            self._stop.wait(timer.seconds)

    def _housekeeping(self) -> list[Timer]:
        chores = [
            Timer("gauges", 5.0, self._measure, alone=False),
            Timer("chores", 60.0, self._chores),
        ]
        if self.consumer is not None:
            chores.append(Timer("retries", 0.25, self.consumer.retry_due))
        return chores

    def _chores(self) -> None:
        audit.seal(self.database)
        idempotency.prune(self.database)
        outbox.prune(self.database)

    def _measure(self) -> None:
        service = self.settings.service
        with self.database.reading() as session:
            telemetry.OUTBOX_AGE.labels(service).set(outbox.oldest_unsent_seconds(session))
            telemetry.OUTBOX_UNSENT.labels(service).set(outbox.unsent(session))
            waiting = session.execute(select(func.count()).select_from(retry)).scalar_one()
            dead = session.execute(select(func.count()).select_from(dead_letter)).scalar_one()
        telemetry.RETRYING.labels(service).set(waiting)
        telemetry.DEAD.labels(service).set(dead)

    def _serve_health(self) -> ThreadingHTTPServer:
        worker = self

        class Health(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/metrics":
                    self._answer(200, telemetry.exposition(), "text/plain; version=0.0.4")
                elif self.path == "/healthz":
                    alive = all(thread.is_alive() for thread in worker._threads)
                    self._answer(200 if alive else 503, b'{"status":"ok"}' if alive else b"{}")
                else:
                    self._answer(404, b"{}")

            def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep quiet: health checks are no news."""

        address = ("0.0.0.0", self.settings.worker_port)  # noqa: S104 - asked from other containers
        server = ThreadingHTTPServer(address, Health)
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        return server
