"""Slots follow their session and its volunteers: laid out, moved, opened, given up."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.capacity import Range, accepted_throughout, cut
from services.booking.models.offering import Offering
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.slot import Slot
from services.booking.use_cases import waitlist
from services.booking.use_cases.appointments import give_up
from services.booking.use_cases.risks import follow
from services.booking.use_cases.staffed import note_staffed
from services.booking.use_cases.waitlist_offers import promote
from shared.ids import new_id

NO_PLACE = "no_place_left"
SESSION_CANCELLED = "session_cancelled"


def lay_out(session: Session, row: ServiceSession) -> None:
    """Give a (locked) repair session its slots; people in a slot that moved move along.

    A slot keeps its position. People of positions that a shorter session no longer has go to the
    last slots with room; for whom there is none, the session cancels.
    """
    ranges = cut(row.starts_at, row.ends_at, row.slot_minutes, row.buffer_minutes)
    known = {slot.position: slot for slot in _slots(session, row.id)}
    for position, range_ in enumerate(ranges):
        _place(session, row, known.get(position), position, range_)
    session.flush()
    for slot in [known[position] for position in sorted(known) if position >= len(ranges)]:
        _retire(session, slot)
    follow_staffing(session, row)


def follow_staffing(session: Session, row: ServiceSession) -> None:
    """Open as many places as accepted volunteers can serve; a shrink never touches who is in.

    A session that waits for its minimum of volunteers opens none before.
    """
    note_staffed(session, row)
    staffing = session.get(Staffing, row.id)
    intervals = staffing.intervals if staffing and not row.held_back else []
    skill = skill_of(session, row)
    slots = _slots(session, row.id)
    above = [slot.taken - slot.open_capacity for slot in slots]
    for slot in slots:
        if slot.retired:
            continue
        people = accepted_throughout(intervals, skill, (slot.starts_at, slot.ends_at))
        wanted = min(row.benches, people) * row.devices_per_bench
        slot.open_capacity = min(wanted, slot.physical_capacity)
    follow(session, row, zip(slots, above, strict=True))
    session.flush()
    promote(session, row)


def skill_of(session: Session, row: ServiceSession) -> str | None:
    """Return the skill that opens this session's slots: the offering's, else the first one asked for."""
    offering = session.get(Offering, row.offering_id)
    if offering is not None:
        return offering.skill
    return next((need["skill"] for need in row.staffing if need.get("skill")), None)


def give_up_all(session: Session, row: ServiceSession) -> None:
    """Cancel everybody's appointments of a cancelled session and close its slots."""
    session.execute(update(Slot).where(Slot.session_id == row.id).values(open_capacity=0))
    for appointment in _live(session, Appointment.session_id == row.id):
        give_up(session, appointment, by="session", reason=SESSION_CANCELLED)
    waitlist.end_all(session, row)


def _slots(session: Session, session_id: str) -> list[Slot]:
    statement = select(Slot).where(Slot.session_id == session_id).order_by(Slot.id)
    fresh = {"populate_existing": True}
    return list(session.scalars(statement.with_for_update(key_share=True), execution_options=fresh))


def _live(session: Session, where: object) -> list[Appointment]:
    statement = select(Appointment).where(where, Appointment.state.in_(LIVE))  # type: ignore[arg-type]
    return list(session.scalars(statement.order_by(Appointment.created_at, Appointment.id)))


def _place(
    session: Session, row: ServiceSession, slot: Slot | None, position: int, range_: Range
) -> None:
    physical = row.benches * row.devices_per_bench
    starts_at, ends_at = range_
    if slot is None:
        slot = Slot(
            id=new_id(), session_id=row.id, position=position, taken=0, held=0, open_capacity=0
        )
        session.add(slot)
    elif (slot.starts_at, slot.ends_at) != range_:
        for appointment in _live(session, Appointment.slot_id == slot.id):
            _take_along(session, appointment, slot.id, starts_at, ends_at)
    slot.starts_at, slot.ends_at, slot.retired = starts_at, ends_at, False
    slot.physical_capacity = max(physical, slot.taken + slot.held)
    slot.open_capacity = min(slot.open_capacity, slot.physical_capacity)


def _retire(session: Session, slot: Slot) -> None:
    waitlist.withdraw(session, slot)
    for appointment in _live(session, Appointment.slot_id == slot.id):
        room = Slot.physical_capacity - Slot.taken - Slot.held >= appointment.devices
        last = (
            select(Slot)
            .where(Slot.session_id == slot.session_id, ~Slot.retired, room)
            .where(Slot.id != slot.id, Slot.position < slot.position)
            .order_by(Slot.position.desc())
            .limit(1)
        )
        new = session.scalars(last).one_or_none()
        if new is None:
            give_up(session, appointment, by="session", reason=NO_PLACE)
            continue
        slot.taken -= appointment.devices
        new.taken += appointment.devices
        _take_along(session, appointment, new.id, new.starts_at, new.ends_at)
    slot.retired = True
    slot.open_capacity = 0
    session.flush()


def _take_along(
    session: Session, appointment: Appointment, slot_id: str, starts_at: datetime, ends_at: datetime
) -> None:
    before = appointment.starts_at
    appointment.slot_id = slot_id
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.moved_along = True
    appointment.by = "session"
    appointment.version += 1
    session.flush()
    events.appointment(session, "moved", appointment, before)
