"""Wake-up hints: who commits an event tells the relay, in this process or in another one.

A hint is no promise. It is told after the commit (a NOTIFY inside the transaction would make all
commits of the server wait for each other), many at once are told as one, and one that cannot be
told is forgotten: the relay's polling is the truth.
"""

import threading
from collections import defaultdict
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.database import Database

CHANNEL = "outbox"
log = structlog.get_logger(__name__)

_wake: dict[str, threading.Event] = defaultdict(threading.Event)
_tellers: "WeakKeyDictionary[Database, _Teller]" = WeakKeyDictionary()


def waker(service: str) -> threading.Event:
    """Return what wakes this process's relay of ``service``."""
    return _wake[service]


def tell(database: Database) -> None:
    """Tell the relay of this database that there is something to send; call it after the commit."""
    _wake[database.service].set()
    if database.dialect == "postgresql":
        _tellers.setdefault(database, _Teller()).tell(database)


class _Teller:
    """Sends one NOTIFY for everything that came meanwhile; only one thread is kept by it."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._telling = threading.Lock()

    def tell(self, database: Database) -> None:
        """Send a notification, or leave it to the thread that is just doing so."""
        self._news.set()
        while self._news.is_set() and self._telling.acquire(blocking=False):
            try:
                self._news.clear()
                with database.single_statement() as connection:
                    connection.execute(text(f"NOTIFY {CHANNEL}"))
            except SQLAlchemyError as problem:
                log.debug("hint.lost", service=database.service, error=repr(problem))
            finally:
                self._telling.release()
