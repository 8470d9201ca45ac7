"""Booking, moving and cancelling an appointment; the database decides who gets the place."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.live import touch
from services.booking.models.photo import Photo
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket
from services.booking.use_cases import limits, waitlist, waivers
from services.booking.use_cases.booking_rules import (
    Device,
    Wish,
    breaks_rules,
    explained,
    refuse_late,
    refuse_rules,
)
from services.booking.use_cases.reworks import refuse_reworks
from services.booking.use_cases.taking import release, take, take_held
from services.booking.use_cases.waitlist_offers import promote
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import NotFound
from shared.ids import new_id

KEEP_PHOTOS = timedelta(days=90)


def book_slot(session: Session, wish: Wish) -> Appointment:
    """Take the places and write everything that belongs to them; a broken rule is a `Refusal`."""
    slot, row = _slot_and_session(session, wish.slot_id)
    refuse_rules(session, wish, slot, row)
    refuse_reworks(session, wish.devices, wish.person_id, staff=wish.staff)
    over = wish.staff and breaks_rules(session, wish, slot, row)
    limits.take(session, row, wish.person_id, over=wish.staff)
    agreed = waivers.agree(
        session, row, wish.person_id, wish.waiver_version, staff=wish.staff or wish.drawn
    )
    waited = not wish.held and _stopped_waiting(session, row, wish.person_id)
    if wish.held:
        take_held(session, wish.slot_id, len(wish.devices))
    else:
        take(session, wish.slot_id, len(wish.devices), wish.person_id)
    appointment = _placed(session, wish, slot, row, agreed)
    session.add(appointment)
    _flush(session)
    session.add_all(_tickets(appointment, wish))
    keep = update(Photo).where(Photo.id.in_(wish.photos))
    _flush(session)
    session.execute(keep.values(purge_after=slot.ends_at + KEEP_PHOTOS))
    events.appointment(session, "booked", appointment)
    if waited:
        promote(session, row)
    action = "appointment.book_over_rules" if over else "appointment.book"
    audit.record(session, wish.actor_id, action, appointment.id)
    return appointment


def move_appointment(
    session: Session,
    id: str,
    slot_id: str,
    actor_id: str,
    waiver_version: int | None = None,
    *,
    staff: bool,
) -> Appointment:
    """Give up one place and take another, both or neither; slots are locked in id order."""
    appointment = visible(session, id, actor_id, staff=staff)
    if appointment.slot_id == slot_id:
        raise errors.SameSlot
    limits.lock(session, [appointment.person_id])
    slot, row = _slot_and_session(session, slot_id)
    left = {id: waitlist.locked(session, id) for id in sorted({appointment.session_id, row.id})}
    session.refresh(appointment)
    was_in = left.get(appointment.session_id) or waitlist.locked(session, appointment.session_id)
    wish = _same_again(session, appointment, slot_id, actor_id, staff=staff)
    refuse_late(session, appointment, "move", staff=staff)
    refuse_rules(session, wish, slot, row, moving=id)
    limits.swap(session, appointment, row, over=staff)
    if was_in.offering_id != row.offering_id:
        appointment.waiver_version = waivers.agree(
            session, row, appointment.person_id, waiver_version, staff=staff
        )
    waitlist.stop_waiting(session, row, appointment.person_id)
    before = appointment.starts_at
    _exchange(session, appointment, slot_id)
    _change(session, appointment, {**_moved_to(slot, row), "by": wish.by})
    session.execute(update(Ticket).where(Ticket.appointment_id == id).values(session_id=row.id))
    events.appointment(session, "moved", appointment, before)
    for one in {was_in.id: was_in, **left}.values():
        promote(session, one)
    audit.record(session, actor_id, "appointment.move", id)
    touch(session, row.id)
    return appointment


def cancel_appointment(session: Session, id: str, actor_id: str, *, staff: bool) -> Appointment:
    """Free the place; on their own only until the cut-off before the start."""
    appointment = visible(session, id, actor_id, staff=staff)
    limits.lock(session, [appointment.person_id])
    row = waitlist.locked(session, appointment.session_id)
    session.refresh(appointment)
    refuse_late(session, appointment, "cancel", staff=staff)
    by = "self" if actor_id == appointment.person_id else "staff"
    give_up(session, appointment, by=by, reason=None)
    promote(session, row)
    audit.record(session, actor_id, "appointment.cancel", id)
    touch(session, appointment.session_id)
    return appointment


def give_up(session: Session, appointment: Appointment, *, by: str, reason: str | None) -> None:
    """Cancel a booked or arrived appointment, free its places and lay its tickets aside."""
    release(session, appointment.slot_id, appointment.devices)
    values = {"state": "cancelled", "by": by, "reason": reason}
    _change(session, appointment, values, expected=LIVE if by == "session" else ("booked",))
    limits.give_back(session, appointment.person_id, (appointment.week_key, appointment.term_key))
    open_tickets = (Ticket.appointment_id == appointment.id) & (Ticket.state == "waiting")
    session.execute(
        update(Ticket).where(open_tickets).values(state="cancelled", version=Ticket.version + 1)
    )
    events.appointment(session, "cancelled", appointment)


def visible(session: Session, id: str, actor_id: str, *, staff: bool) -> Appointment:
    """Return an appointment to its owner and to staff; to everybody else there is none."""
    appointment = session.get(Appointment, id)
    if appointment is None or not (staff or appointment.person_id == actor_id):
        raise NotFound
    return appointment


def _slot_and_session(session: Session, slot_id: str) -> tuple[Slot, ServiceSession]:
    found = session.execute(
        select(Slot, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Slot.session_id)
        .where(Slot.id == slot_id, ~Slot.retired)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _exchange(session: Session, appointment: Appointment, slot_id: str) -> None:
    """Give the places of one slot back and take those of another, in the order of their ids."""
    for one in sorted((appointment.slot_id, slot_id)):
        if one == slot_id:
            take(session, one, appointment.devices, appointment.person_id, moving=appointment.id)
        else:
            release(session, one, appointment.devices)


def _stopped_waiting(session: Session, row: ServiceSession, person_id: str) -> bool:
    """End the wait of who books here after all; only then the session's row is locked."""
    waits = waitlist.live_of(session, row.id, person_id) is not None
    if waits:
        waitlist.stop_waiting(session, waitlist.locked(session, row.id), person_id)
    return waits


def _change(
    session: Session,
    appointment: Appointment,
    values: dict[str, Any],
    expected: Sequence[str] = ("booked",),
) -> None:
    """Write the change if the appointment still stands as we read it, else refuse."""
    version = appointment.version
    guard = (Appointment.version == version) & Appointment.state.in_(expected)
    statement = (
        update(Appointment)
        .where(Appointment.id == appointment.id, guard)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    try:
        one_row(session.execute(statement), errors.NotLive())
    except IntegrityError as error:
        raise explained(error) from error
    session.refresh(appointment)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error


def _placed(
    session: Session, wish: Wish, slot: Slot, row: ServiceSession, agreed: int | None
) -> Appointment:
    return Appointment(
        id=new_id(),
        session_id=row.id,
        slot_id=slot.id,
        person_id=wish.person_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        devices=len(wish.devices),
        state="booked",
        by=wish.by,
        reason="draw" if wish.drawn else None,
        cancel_cutoff_minutes=row.cutoffs["cancel"],
        move_cutoff_minutes=row.cutoffs["move"],
        week_key=row.week_key,
        term_key=row.term_key,
        waiver_version=agreed,
        created_at=suite_time(session),
        version=1,
    )


def _same_again(
    session: Session, appointment: Appointment, slot_id: str, actor_id: str, *, staff: bool
) -> Wish:
    """Return the wish to have the same devices in another slot."""
    tickets = session.scalars(select(Ticket).where(Ticket.appointment_id == appointment.id)).all()
    devices = tuple(_device(ticket) for ticket in tickets)
    return Wish(slot_id, appointment.person_id, actor_id, devices, staff)


def _moved_to(slot: Slot, row: ServiceSession) -> dict[str, Any]:
    """Return what changes with the place: its times, and the cut-offs that are promised there."""
    return {
        "slot_id": slot.id,
        "session_id": row.id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "moved_along": False,
        "late_minutes": 0,
        "displaced_at": None,
        "cancel_cutoff_minutes": row.cutoffs["cancel"],
        "move_cutoff_minutes": row.cutoffs["move"],
    }


def _tickets(appointment: Appointment, wish: Wish) -> list[Ticket]:
    return [
        Ticket(
            id=new_id(),
            appointment_id=appointment.id,
            session_id=appointment.session_id,
            person_id=appointment.person_id,
            category_id=device.category_id,
            brand=device.brand,
            problem=device.problem,
            photo_id=device.photo_id,
            rework_of=device.rework_of,
            state="waiting",
            version=1,
        )
        for device in wish.devices
    ]


def _device(ticket: Ticket) -> Device:
    words = ticket.category_id, ticket.brand, ticket.problem
    return Device(*words, ticket.photo_id, ticket.rework_of)
