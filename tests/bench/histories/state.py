"""What stands in the database between two steps, read at once, and what was announced since.

Thousands of histories are looked at after each step, so it is read by the driver itself: one round trip,
and only rows that changed are turned into what the rules compare.
"""

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select

from services.booking.models.appointment import LIVE as BOOKED
from services.booking.models.appointment import Appointment
from services.booking.models.draw import Draw, DrawEntry
from services.booking.models.enrolment import Enrolment
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry
from shared.messages import Event, from_bytes
from shared.tables import outbox
from tests.bench.histories.driver import Driver

Rows = Mapping[str, Any]
WANTED: tuple[Select[Any], ...] = (
    select(
        ServiceSession.id, ServiceSession.kind, ServiceSession.state, ServiceSession.opening,
        ServiceSession.starts_at, ServiceSession.booking_opens_at, ServiceSession.enrolled,
        ServiceSession.seats, ServiceSession.seat_ceiling,
    ),
    select(Slot.__table__),
    select(
        Appointment.id, Appointment.session_id, Appointment.slot_id, Appointment.person_id,
        Appointment.starts_at, Appointment.ends_at, Appointment.devices, Appointment.state,
        Appointment.by, Appointment.displaced_at, Appointment.created_at, Appointment.version,
    ),
    select(WaitlistEntry.__table__),
    select(Enrolment.__table__),
    select(Draw.session_id, Draw.state, Draw.seed),
)  # fmt: skip
DRAWN = select(DrawEntry.__table__)
TOLD = select(outbox.c.id, outbox.c.body)


@dataclass
class State:
    """All rows by id, at `at`."""

    at: datetime
    sessions: Rows
    slots: Rows
    appointments: Rows
    entries: Rows
    enrolments: Rows
    draws: Rows
    drawn: Sequence[Any] = ()
    events: list[Event] = field(default_factory=list)
    last_event: int = 0

    def free(self) -> dict[str, int]:
        """Places that nobody has taken or holds, by slot."""
        return {
            one.id: max(0, one.open_capacity - one.taken - one.held) for one in self.slots.values()
        }

    @cached_property
    def live_entries(self) -> Sequence[Any]:
        """Everybody who waits or is offered a place."""
        return [one for one in self.entries.values() if one.state in LIVE]

    @cached_property
    def booked(self) -> Sequence[Any]:
        """Everybody who is expected."""
        return [one for one in self.appointments.values() if one.state in BOOKED]

    @cached_property
    def busy(self) -> Mapping[str, list[Any]]:
        """Where people are expected, by person."""
        found: dict[str, list[Any]] = defaultdict(list)
        for one in self.booked:
            found[one.person_id].append(one)
        return dict(found)


class Rowset:
    """The rows of one question by their first column; a row that did not change is the same object."""

    def __init__(self, driver: Driver, wanted: Select[Any]) -> None:
        columns = list(wanted.selected_columns)
        self.sql = driver.text(wanted)
        self._row = namedtuple("Row", [one.name for one in columns])  # type: ignore[misc]  # columns are known late
        readers = [driver.reader(one.type) for one in columns]
        self._readers: list[tuple[int, Callable[[Any], Any]]] = [
            (n, reader) for n, reader in enumerate(readers) if reader
        ]
        self._known: dict[str, tuple[Any, Any]] = {}

    def take(self, raw: Iterable[Any]) -> Rows:
        """Turn what the driver gave into rows."""
        known, now = self._known, {}
        for one in raw:
            before = known.get(one[0])
            now[one[0]] = before if before and before[0] == one else (one, self._made(one))
        self._known = now
        return {id: row for id, (_, row) in now.items()}

    def _made(self, raw: Sequence[Any]) -> Any:
        values = list(raw)
        for n, reader in self._readers:
            values[n] = reader(values[n])
        return self._row(*values)


class Looking:
    """Reads states of one database, by a connection of its own."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._rowsets = [Rowset(driver, wanted) for wanted in WANTED]
        self._drawn = Rowset(driver, DRAWN)
        self._told = driver.text(TOLD)

    def read(self, at: datetime, after: int) -> State:
        """Read everything; events after `after` only."""
        told = f"{self._told} WHERE outbox.id > {after:d} ORDER BY outbox.id"
        *found, new = self._driver.ask([*(one.sql for one in self._rowsets), told])
        rows = [one.take(raw) for one, raw in zip(self._rowsets, found, strict=True)]
        sessions, slots, appointments, entries, enrolments, draws = rows
        state = State(at, sessions, slots, appointments, entries, enrolments, draws)
        if any(one.state == "drawn" for one in state.draws.values()):
            (drawn,) = self._driver.ask([self._drawn.sql])
            state.drawn = list(self._drawn.take(drawn).values())
        state.events = [from_bytes(bytes(body)) for _, body in new]
        state.last_event = new[-1][0] if new else after
        return state
