"""The one line: calling, calling again, absent, back in line, leaving. One UPDATE decides each."""

from datetime import datetime, timedelta
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from services.booking import errors, events
from services.booking.models.appointment import Appointment
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket
from services.booking.models.visit import LIVE, Visit, turn_back
from services.booking.queries import visits
from services.booking.queries.custody import left_something
from services.booking.queries.sessions import known
from services.booking.use_cases import limits, waitlist
from services.booking.use_cases.line_rules import explained, refuse_bench, refuse_busy, wrong_state
from shared import audit
from shared.database import suite_time
from shared.telemetry import REGISTRY

CLOSES_LINES = timedelta(hours=12)
KEEP_NAMES = timedelta(days=30)
WAIT_ERROR = Histogram(
    "suite_wait_estimate_error_minutes",
    "Minutes a real wait lay outside the range told at arrival.",
    buckets=(0, 1, 2, 5, 10, 20, 40, 80),
    registry=REGISTRY,
)


def call_next(
    session: Session,
    session_id: str,
    bench: int,
    actor_id: str,
    number: str | None = None,
    *,
    at: datetime | None = None,
) -> Visit:
    """Call the first in line (or, after an offline call made `at` then, the one with `number`).

    One locked statement chooses and calls: two desks at once get two people.
    """
    row = known(session, session_id)
    refuse_bench(row, bench)
    at = at or suite_time(session)
    try:
        id = session.execute(calling(session_id, bench, at, number)).scalar_one_or_none()
    except IntegrityError as error:
        raise explained(error, bench) from error
    if id is None:
        refuse_busy(session, session_id, bench)
        raise errors.NobodyWaiting
    visit = visits.locked(session, id)
    if visit.calls == 1:
        _observe(visit, at)
    events.visit(session, "called", visit)
    audit.record(session, actor_id, "visit.call", visit.id)
    touch(session, session_id)
    return visit


def calling(session_id: str, bench: int, at: datetime, number: str | None = None) -> Any:
    """The statement that calls: the first row nobody else is calling, if the bench is free."""
    first = aliased(Visit)
    waits = (first.session_id == session_id) & (first.state == "waiting")
    if number:
        waits = waits & (first.number == number)
    order = (first.turn_at, first.appointment_id.is_(None), first.arrived_at, first.number)
    chosen = (
        select(first.id)
        .where(waits)
        .order_by(*order)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    busy = exists().where(
        Ticket.session_id == session_id, Ticket.bench == bench, Ticket.state == "started"
    )
    values = {"state": "called", "bench": bench, "called_at": at, "calls": Visit.calls + 1}
    return (
        update(Visit)
        .where(Visit.id == chosen, Visit.state == "waiting", ~busy)
        .values(**values, version=Visit.version + 1)
        .returning(Visit.id)
        .execution_options(synchronize_session=False)
    )


def recall(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Call somebody once more."""
    values = {"calls": Visit.calls + 1, "called_at": suite_time(session)}
    return change(
        session,
        visit_id,
        ("called",),
        values,
        verb="called",
        actor_id=actor_id,
        action="visit.recall",
    )


def mark_absent(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Free the bench of somebody who was called and did not come; they may come back."""
    values = {"state": "absent", "bench": None, "absent_at": suite_time(session)}
    return change(
        session,
        visit_id,
        ("called",),
        values,
        verb="closed",
        actor_id=actor_id,
        action="visit.absent",
    )


def come_back(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Put somebody who was absent back in line; who is in line already simply stays there."""
    visit = visits.locked(session, visit_id)
    if visit.state != "absent":
        return visit
    at = suite_time(session)
    turn_at = turn_back(visit.turn_at, visit.absent_at or at, at)
    values = {"state": "waiting", "turn_at": turn_at, "absent_at": None}
    return change(
        session,
        visit_id,
        ("absent",),
        values,
        verb="arrived",
        actor_id=actor_id,
        action="visit.return",
    )


def leave(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Give the place in the line up; devices that were not begun are laid aside."""
    row = waitlist.locked(session, visits.one(session, visit_id).session_id)
    values = {"state": "left", "bench": None, "closed_at": suite_time(session)}
    expected = ("waiting", "called", "absent")
    visit = change(
        session, visit_id, expected, values, verb="closed", actor_id=actor_id, action="visit.leave"
    )
    _lay_aside(session, visit)
    waitlist.promote(session, row)
    return visit


def change(
    session: Session,
    visit_id: str,
    expected: tuple[str, ...],
    values: dict[str, Any],
    *,
    verb: str,
    actor_id: str,
    action: str,
) -> Visit:
    """Move a visit from an expected state with one UPDATE, announce it, and show it."""
    statement = (
        update(Visit)
        .where(Visit.id == visit_id, Visit.state.in_(expected))
        .values(**values, version=Visit.version + 1)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    visit = visits.locked(session, visit_id)
    if done != 1:
        raise wrong_state(visit)
    events.visit(session, verb, visit)
    audit.record(session, actor_id, action, visit_id)
    touch(session, visit.session_id)
    return visit


def forget_name(session: Session, visit_id: str, actor_id: str) -> None:
    """Erase the name that was typed at the desk."""
    visit = visits.locked(session, visit_id)
    visit.name = ""
    session.flush()
    audit.record(session, actor_id, "visit.forget_name", visit_id)
    touch(session, visit.session_id)


def forget_person(session: Session, person_id: str) -> None:
    """End the live visit of an erased person and take their link and name away."""
    mine = select(Visit.id).where(Visit.person_id == person_id, Visit.state.in_(LIVE))
    for id in session.scalars(mine.order_by(Visit.id)).all():
        _end(session, id)
    session.execute(update(Visit).where(Visit.person_id == person_id).values(name=""))
    session.execute(update(Ticket).where(Ticket.person_id == person_id).values(note=""))


def end_all(session: Session, session_id: str) -> None:
    """End every place in a line that is no more (cancelled, or long over)."""
    live = select(Visit.id).where(Visit.session_id == session_id, Visit.state.in_(LIVE))
    for id in session.scalars(live.order_by(Visit.id)).all():
        _end(session, id)


def close_old_lines(session: Session) -> int:
    """End what was left standing in sessions that are long over, and forget old typed names."""
    at = suite_time(session)
    over = select(ServiceSession.id).where(
        ServiceSession.ends_at < at - CLOSES_LINES,
        exists().where(Visit.session_id == ServiceSession.id, Visit.state.in_(LIVE)),
    )
    ended = session.scalars(over.order_by(ServiceSession.id)).all()
    for session_id in ended:
        end_all(session, session_id)
    old = (Visit.name != "") & (Visit.recorded_at < at - KEEP_NAMES) & ~left_something()
    session.execute(update(Visit).where(old).values(name=""))
    return len(ended)


def _end(session: Session, visit_id: str) -> None:
    values = {"state": "left", "bench": None, "closed_at": suite_time(session)}
    visit = change(session, visit_id, LIVE, values, verb="closed", actor_id="-", action="visit.end")
    _lay_aside(session, visit)
    open_devices = (Ticket.visit_id == visit_id) & (Ticket.state == "started")
    session.execute(
        update(Ticket)
        .where(open_devices)
        .values(state="cancelled", bench=None, version=Ticket.version + 1)
    )


def _lay_aside(session: Session, visit: Visit) -> None:
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
        .values(state="cancelled", by="self", reason="left", version=Appointment.version + 1)
        .execution_options(synchronize_session=False)
    )
    limits.lock(session, [booking.person_id])
    session.execute(slot.values(taken=Slot.taken))  # slots are locked before appointments
    if session.execute(statement).rowcount == 1:  # type: ignore[attr-defined]  # DML result
        session.execute(slot.values(taken=Slot.taken - booking.devices))
        session.refresh(booking)
        limits.give_back(session, booking.person_id, (booking.week_key, booking.term_key))
        events.appointment(session, "cancelled", booking)


def _observe(visit: Visit, at: datetime) -> None:
    since = visit.recorded_at if visit.recorded_at <= at else min(visit.arrived_at, at)
    waited = visit.waited = (at - since).total_seconds() / 60
    if visit.told_low is None or visit.told_high is None:
        return
    WAIT_ERROR.observe(max(0.0, visit.told_low - waited, waited - visit.told_high))
