"""Places in the line that end before the repair is done: by choice, by the policy, with the session."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.models.appointment import Appointment
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket
from services.booking.models.visit import LIVE, PAUSED, Visit
from services.booking.queries import visits
from services.booking.queries.custody import left_something
from services.booking.queries.sessions import known
from services.booking.use_cases import limits, waitlist
from services.booking.use_cases.line import change
from services.booking.use_cases.waitlist_offers import promote
from shared import audit
from shared.database import suite_time

CLOSES_LINES = timedelta(hours=12)
KEEP_NAMES = timedelta(days=30)
KEEP_PAUSED = timedelta(days=90)
POLICY = "policy"
AWAY = {"by": "session", "reason": "absent"}


def leave(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Give the place in the line up; devices that were not begun are laid aside."""
    expected = ("waiting", "called", "absent", PAUSED)
    return _give_up(session, visit_id, expected, actor_id=actor_id, action="visit.leave")


def close_absent(session: Session, visit_id: str) -> Visit:
    """Close the number of somebody who was away for too long; until the line ends they may return."""
    return _give_up(
        session,
        visit_id,
        ("absent",),
        actor_id="-",
        action="visit.close_absent",
        ended_by=POLICY,
    )


def forget_name(session: Session, visit_id: str, actor_id: str) -> None:
    """Erase the name that was typed at the desk."""
    visit = visits.locked(session, visit_id)
    visit.name = ""
    session.flush()
    audit.record(session, actor_id, "visit.forget_name", visit_id)
    touch(session, visit.session_id)


def forget_person(session: Session, person_id: str) -> None:
    """End the live visit of an erased person and take their link and name away."""
    stands = Visit.state.in_((*LIVE, PAUSED))
    mine = select(Visit.id).where(Visit.person_id == person_id, stands)
    for id in session.scalars(mine.order_by(Visit.id)).all():
        _end(session, id)
    session.execute(update(Visit).where(Visit.person_id == person_id).values(name=""))
    session.execute(update(Ticket).where(Ticket.person_id == person_id).values(note=""))


def end_all(session: Session, session_id: str) -> None:
    """End every place in a line that is no more (cancelled, or long over); pauses outlive it."""
    live = select(Visit.id).where(Visit.session_id == session_id, Visit.state.in_(LIVE))
    for id in session.scalars(live.order_by(Visit.id)).all():
        _end(session, id)


def close_old_lines(session: Session) -> int:
    """End what was left standing in sessions that are long over, and forget old typed names.

    Who has waited for parts for a quarter of a year is not waited for any longer.
    """
    at = suite_time(session)
    over = select(ServiceSession.id).where(
        ServiceSession.ends_at < at - CLOSES_LINES,
        exists().where(Visit.session_id == ServiceSession.id, Visit.state.in_(LIVE)),
    )
    ended = session.scalars(over.order_by(ServiceSession.id)).all()
    for session_id in ended:
        end_all(session, session_id)
    forgotten = (Visit.state == PAUSED) & (Visit.paused_at < at - KEEP_PAUSED)
    for id in session.scalars(select(Visit.id).where(forgotten).order_by(Visit.id)).all():
        _end(session, id)
    old = (Visit.name != "") & (Visit.recorded_at < at - KEEP_NAMES) & ~left_something()
    old &= Visit.state != PAUSED
    session.execute(update(Visit).where(old).values(name=""))
    return len(ended)


def _give_up(
    session: Session,
    visit_id: str,
    expected: tuple[str, ...],
    *,
    actor_id: str,
    action: str,
    ended_by: str | None = None,
) -> Visit:
    row = waitlist.locked(session, visits.one(session, visit_id).session_id)
    values: dict[str, Any] = {"state": "left", "bench": None, "closed_at": suite_time(session)}
    values |= {"ended_by": ended_by, "snoozed_until": None, "snoozed_from": None}
    visit = change(
        session, visit_id, expected, values, verb="closed", actor_id=actor_id, action=action
    )
    lay_aside(session, visit, **(AWAY if ended_by == POLICY else {}))
    promote(session, row)
    return visit


def _end(session: Session, visit_id: str) -> None:
    values = {"state": "left", "bench": None, "closed_at": suite_time(session)}
    expected = (*LIVE, PAUSED)
    visit = change(
        session, visit_id, expected, values, verb="closed", actor_id="-", action="visit.end"
    )
    lay_aside(session, visit)
    open_devices = (Ticket.visit_id == visit_id) & (Ticket.state == "started")
    session.execute(
        update(Ticket)
        .where(open_devices)
        .values(state="cancelled", bench=None, version=Ticket.version + 1)
    )


def lay_aside(session: Session, visit: Visit, by: str = "self", reason: str = "left") -> None:
    """Cancel what was not begun, and the booking with it: the place it held is free again."""
    waiting = (Ticket.visit_id == visit.id) & (Ticket.state == "waiting")
    session.execute(
        update(Ticket).where(waiting).values(state="cancelled", version=Ticket.version + 1)
    )
    if visit.appointment_id is None:
        return
    booking = session.get_one(Appointment, visit.appointment_id)
    slot = update(Slot).where(Slot.id == booking.slot_id)
    arrived = (Appointment.id == booking.id) & (Appointment.state == "arrived")
    statement = (
        update(Appointment)
        .where(arrived)
        .values(state="cancelled", by=by, reason=reason, version=Appointment.version + 1)
        .execution_options(synchronize_session=False)
    )
    limits.lock(session, [booking.person_id])
    session.execute(slot.values(taken=Slot.taken))  # slots are locked before appointments
    if session.execute(statement).rowcount == 1:  # type: ignore[attr-defined]  # DML result
        session.execute(slot.values(taken=Slot.taken - booking.devices))
        session.refresh(booking)
        limits.give_back(session, booking.person_id, (booking.week_key, booking.term_key))
        events.appointment(session, "cancelled", booking)


def take_up(session: Session, visit: Visit) -> bool:
    """Undo `lay_aside`: the devices wait again; the booking stands again if its place is still free.

    Return whether the booking (where there was one) stands.
    """
    laid = (Ticket.visit_id == visit.id) & (Ticket.state == "cancelled")
    session.execute(
        update(Ticket)
        .where(laid, Ticket.closed_at.is_(None))
        .values(state="waiting", version=Ticket.version + 1)
    )
    booking = session.get(Appointment, visit.appointment_id) if visit.appointment_id else None
    if booking is None or booking.state != "cancelled" or booking.reason not in ("left", "absent"):
        return True
    try:
        with session.begin_nested():
            return _stand_again(session, booking)
    except IntegrityError:
        return False  # the person has booked anew


def _stand_again(session: Session, booking: Appointment) -> bool:
    room = Slot.taken + Slot.held + booking.devices <= Slot.open_capacity
    slot = update(Slot).where(Slot.id == booking.slot_id, room)
    taken = session.execute(slot.values(taken=Slot.taken + booking.devices))
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        return False
    limits.take(session, known(session, booking.session_id), booking.person_id, over=True)
    booking.state, booking.reason, booking.by = "arrived", None, "self"
    booking.version += 1
    session.flush()
    events.appointment(session, "booked", booking)
    return True
