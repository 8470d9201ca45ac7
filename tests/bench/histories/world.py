"""The world a history lives in: a few people and sessions of booking, on a real database, at a standing clock."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from services.booking.consumers import HANDLERS
from services.booking.models import Base
from services.booking.use_cases.displacing import displace_due
from services.booking.use_cases.draws import draw_due
from services.booking.use_cases.missed import note_missed
from services.booking.use_cases.waitlist_time import expire_offers, tend_waiting
from shared import clock
from shared.clock import iso
from shared.database import Database
from shared.errors import Refusal
from shared.messages import Event
from shared.tables import audit, idempotency_key, outbox
from tests.bench.histories.driver import Content, Driver, driver_of
from tests.bench.histories.state import Looking, State

MORNING = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)  # nine o'clock at the venue
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PEOPLE = 10
HURRY_SQLITE = ("PRAGMA synchronous=OFF", "PRAGMA busy_timeout=60000")
PATIENCE_POSTGRESQL = (
    "SET lock_timeout = '60s'",
    "SET statement_timeout = '90s'",
    "SET idle_in_transaction_session_timeout = '90s'",
)
TABLES = (*Base.metadata.sorted_tables, outbox, audit, idempotency_key)
OFFERING = "0ffe0000-0000-4000-8000-000000000001"


@contextmanager
def standing_clock(folder: Path) -> Iterator[clock.Clock]:
    """Let this process live by a clock that moves only when it is set."""
    simulated = clock.configure(clock.SIMULATED, folder / "clock.json")
    try:
        yield simulated
    finally:
        clock.configure(clock.REAL)


@dataclass
class Run:
    """A session as catalog would announce it, and how often it and its staffing were announced."""

    data: dict[str, Any]
    version: int = 0
    staffed: int = 0

    @property
    def id(self) -> str:
        return str(self.data["id"])

    def copy(self) -> "Run":
        """Return one that is announced further without this one."""
        return replace(self, data=dict(self.data))


@dataclass(frozen=True)
class Beginning:
    """How every history of a world begins: put back, instead of being announced each time."""

    content: Content
    runs: dict[str, Run]
    people: list[str]
    ids: Any


@dataclass
class World:
    """One database, one clock; `reset` begins a new history."""

    database: Database
    clock: clock.Clock
    at: datetime = MORNING
    people: list[str] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    ids: Random = field(default_factory=lambda: Random(1))
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    errors: list[str] = field(default_factory=list)
    ticked_at: datetime = MORNING
    state: State | None = None
    beginning: Beginning | None = None

    def __post_init__(self) -> None:
        self.driver: Driver = driver_of(self.database)
        self._looking = Looking(self.driver)

    def reset(self) -> None:
        """Begin a new history: turn the clock back, and let stand what stands at every beginning."""
        self.errors.clear()
        self.state = None
        self.set(MORNING)
        self.ticked_at = MORNING
        if self.beginning is None:
            self._begin()
            kept = {id: run.copy() for id, run in self.runs.items()}
            content = self.driver.content(TABLES)
            self.beginning = Beginning(content, kept, list(self.people), self.ids.getstate())
            return
        first = self.beginning
        self.driver.put_back(TABLES, first.content)
        self.runs = {id: run.copy() for id, run in first.runs.items()}
        self.people = list(first.people)
        self.ids.setstate(first.ids)

    def forget(self) -> None:
        """Announce the next beginning anew: the code may be another one."""
        self.beginning = None

    def _begin(self) -> None:
        """Empty the tables, announce four sessions with their volunteers."""
        self.driver.put_back(TABLES, {})
        self.ids = Random(1)
        self.people = [self.new_id() for _ in range(PEOPLE)]
        self.runs = {}
        tomorrow = MORNING + timedelta(hours=29)  # 14:00 at the venue
        self.tell_offering()
        self.publish(tomorrow, 2, benches=1)
        self.publish(tomorrow + 23 * HOUR, 2, benches=1, devices_per_bench=2)
        self.publish(tomorrow + HOUR / 2, 1, benches=2, opening="draw", opens=MORNING + 2 * HOUR)
        self.publish(tomorrow, 1, benches=0, kind="training", seats=2)

    def look(self) -> State:
        """Read what stands now; acts choose among what was seen last."""
        after = self.state.last_event if self.state else 0
        self.state = self._looking.read(self.at, after)
        return self.state

    @property
    def seen(self) -> State:
        """What stood when one last looked."""
        return self.state or self.look()

    def new_id(self) -> str:
        """Return an id that is the same in each replay."""
        return str(UUID(int=self.ids.getrandbits(128), version=4))

    def set(self, at: datetime) -> None:
        """Turn the clock."""
        self.at = at
        self.clock.set(at, speed=0.0)

    def tell(self, type: str, subject: str, version: int, data: dict[str, Any]) -> None:
        """Bring booking a message as its consumer would."""
        event = Event(type, subject, version, data, "/histories", id=self.new_id())
        self.act(lambda session: HANDLERS[type](session, event))

    def tell_offering(self) -> None:
        """Announce what the repair sessions are runs of."""
        texts = {"zh": "义务维修", "en": "Repair"}
        data = {"id": OFFERING, "kind": "repair", "title": texts, "skill": "repair"}
        data |= {"categories": [], "state": "active"}
        self.tell("offering.changed.v1", OFFERING, 1, data)

    def publish(self, starts_at: datetime, slots: int, **given: Any) -> Run:
        """Announce a session of `slots` hours, open at once, with all its volunteers."""
        run = Run(session_data(self.new_id(), starts_at, slots, self.at, **given))
        self.runs[run.id] = run
        self.announce(run, "session.published.v1")
        if run.data["kind"] == "repair":
            self.staff(run, run.data["benches"])
        return run

    def announce(self, run: Run, type: str, **changed: Any) -> None:
        """Announce a session anew."""
        run.version += 1
        run.data |= changed
        self.tell(type, run.id, run.version, run.data)

    def staff(self, run: Run, accepted: int, only_first_hour: bool = False) -> None:
        """Announce how many volunteers are accepted, for all of it or for its first hour only."""
        run.staffed += 1
        starts = run.data["starts_at"]
        ends = iso(clock.parse(starts) + HOUR) if only_first_hour else run.data["ends_at"]
        one = {"starts_at": starts, "ends_at": ends, "skill": "repair", "accepted": accepted}
        data = {"session_id": run.id, "intervals": [one]}
        self.tell("staffing.changed.v1", run.id, run.staffed, data)

    def act(self, what: Callable[[Session], Any]) -> Any:
        """Do one thing in a transaction; a refusal is an answer, anything else is an error."""
        return self.trying(lambda: self._transacted(what))

    def trying(self, what: Callable[[], Any]) -> Any:
        """Do something that opens its own transactions."""
        try:
            return what()
        except Refusal:
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody should ever see it
            self.errors.append(f"{type(error).__name__}: {str(error)[:300]}")
            return None

    def _transacted(self, what: Callable[[Session], Any]) -> Any:
        with self.database.transaction() as session:
            return what(session)

    def at_once(self, acts: Sequence[Callable[[], Any]]) -> None:
        """Do two things in the same moment, each on a connection of its own."""
        start = Barrier(len(acts))

        def begin(act: Callable[[], Any]) -> None:
            start.wait(timeout=30)
            act()

        list(self.pool.map(begin, acts))

    def tick(self) -> None:
        """Let booking's timers do what is due."""
        self.act(note_missed)
        for timer in (draw_due, expire_offers, displace_due, tend_waiting):
            self.trying(partial(timer, self.database))
        self.ticked_at = self.at

    def close(self) -> None:
        """Let the connections go."""
        self.pool.shutdown()
        self.driver.close()
        self.database.dispose()


def session_data(id: str, starts_at: datetime, slots: int, at: datetime, **given: Any) -> Any:
    """Return the data of a session event: hourly slots with one place per bench."""
    name = {"zh": "测试", "en": "Test"}
    opens = given.pop("opens", at - HOUR)
    values: dict[str, Any] = {
        "id": id,
        "offering_id": OFFERING,
        "kind": "repair",
        "title": name,
        "venue_id": id,
        "venue_name": name,
        "venue_place": name,
        "zone": "Asia/Shanghai",
        "starts_at": iso(starts_at),
        "ends_at": iso(starts_at + slots * HOUR),
        "slot_minutes": 60,
        "seats": 0,
        "booking_opens_at": iso(opens),
        "booking_closes_at": iso(starts_at - 30 * MINUTE),
        "categories": [],
        "minutes_per_device": 30,
        "devices_per_bench": 1,
        "max_devices": 2,
        "cancel_cutoff_minutes": 60,
        "staffing": [],
        "state": "published",
        "opening": "first_come",
    }
    return values | given


def hurried(database: Database) -> Database:
    """Let a throw-away database not wait for the disk, but longer for its turn on a busy machine.

    An act that waited in vain is told so within seconds in a suite; here it would be taken for a broken rule.
    """
    sqlite = database.dialect == "sqlite"

    def hurry(connection: Any, _: Any) -> None:
        for order in HURRY_SQLITE if sqlite else PATIENCE_POSTGRESQL:
            connection.execute(order)
        connection.commit()

    event.listen(database.engine, "connect", hurry)
    if not sqlite:
        event.listen(database._hot, "connect", hurry)  # its connections are of another kind
    return database
