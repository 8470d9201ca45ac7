"""What stands in the database between two steps, read at once, and what was announced since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.booking.models.appointment import LIVE as BOOKED
from services.booking.models.appointment import Appointment
from services.booking.models.draw import Draw, DrawEntry
from services.booking.models.enrolment import Enrolment
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry
from shared.database import Database
from shared.messages import Event, from_bytes
from shared.tables import outbox

Rows = Mapping[str, Any]
WANTED = (
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
TOLD = (
    select(outbox.c.id, outbox.c.body).where(outbox.c.id > bindparam("after")).order_by(outbox.c.id)
)
DRAWN = select(DrawEntry.__table__)


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

    def live_entries(self) -> list[Any]:
        """Everybody who waits or is offered a place."""
        return [one for one in self.entries.values() if one.state in LIVE]

    def booked(self) -> list[Any]:
        """Everybody who is expected."""
        return [one for one in self.appointments.values() if one.state in BOOKED]

    def busy(self) -> dict[str, list[Any]]:
        """Where people are expected, by person."""
        found: dict[str, list[Any]] = defaultdict(list)
        for one in self.booked():
            found[one.person_id].append(one)
        return found


def read(database: Database, at: datetime, after: int) -> State:
    """Read everything in one transaction; events after `after` only."""
    with database.reading() as session:
        connection = session.connection()
        rows: list[Any] = [{row[0]: row for row in connection.execute(wanted)} for wanted in WANTED]
        told = connection.execute(TOLD, {"after": after}).all()
        state = State(at, *rows[:6])
        if any(one.state == "drawn" for one in state.draws.values()):
            state.drawn = connection.execute(DRAWN).all()
    state.events = [from_bytes(bytes(body)) for _, body in told]
    state.last_event = told[-1].id if told else after
    return state
