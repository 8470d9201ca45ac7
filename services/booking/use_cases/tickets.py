"""A device at a bench: start, outcome in the words of Open Repair Data, undo, one more device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.appointment import Appointment
from services.booking.models.category import BY_ID
from services.booking.models.live import touch
from services.booking.models.outcome import END_OF_LIFE
from services.booking.models.ticket import MAINS, OPEN, Ticket
from services.booking.models.visit import AT_BENCH, LIVE, PAUSED, Visit
from services.booking.queries import visits
from services.booking.queries.sessions import known
from services.booking.use_cases.arrivals import add_ticket, bounded, refuse_categories
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.custody import follow
from services.booking.use_cases.line import AWAKE
from services.booking.use_cases.line_rules import (
    explained,
    refuse_bench,
    refuse_busy,
    wrong_state,
)
from services.booking.use_cases.reworks import refuse_reworks
from services.booking.use_cases.ticket_rules import both, change, tell
from services.booking.use_cases.turns import mark_rework
from services.booking.use_cases.work import Work, write_codes
from shared import audit
from shared.database import suite_time

WRONG_TAP = timedelta(minutes=5)  # an outcome undone within this was a slip, not new work


@dataclass(frozen=True)
class Outcome:
    """How a device went: ORDS status and barrier verbatim; category and brand correct the booking."""

    status: str
    barrier: str | None = None
    note: str | None = None
    category_id: int | None = None
    brand: str | None = None
    findings: Sequence[str] | None = None
    actions: Sequence[str] | None = None


def start(
    session: Session,
    id: str,
    bench: int | None,
    volunteer_id: str,
    *,
    actor_id: str,
    occurred_at: datetime | None = None,
) -> Ticket:
    """Begin to repair a device at a bench; its owner is being served from now on.

    Without a bench: it was begun while the desk had no connection, and is over by now.
    """
    ticket, visit = both(session, id)
    row = known(session, visit.session_id)
    if visit.state not in ("waiting", "called", "serving"):
        raise wrong_state(visit)
    if bench is not None:
        refuse_bench(row, bench)
        _refuse_other(session, visit, bench)
    begun = bounded(row, occurred_at, suite_time(session))
    values = {"state": "started", "bench": bench, "volunteer_id": volunteer_id, "paused_at": None}
    ticket = change(session, ticket, ("waiting",), values | {"started_at": begun}, bench)
    stays = visit.state == "serving" and visit.bench is not None
    if not stays:
        _move(session, visit, {"state": "serving", "bench": bench, **AWAKE}, bench)
    audit.record(session, actor_id, "ticket.start", ticket.id)
    tell(session, "started", ticket, visit)
    return ticket


def close(
    session: Session, id: str, outcome: Outcome, actor_id: str, occurred_at: datetime | None = None
) -> Ticket:
    """Record the outcome of a device; with the last one its owner's visit is over."""
    if outcome.barrier and outcome.status != END_OF_LIFE:
        text = ("只有“无法修复”才填写原因。", "Only with End of life.")
        raise errors.BarrierWithoutEnd(fields={"barrier": text})
    ticket, visit = both(session, id)
    at = suite_time(session)
    closed = bounded(known(session, visit.session_id), occurred_at, at)
    values: dict[str, Any] = {"state": "closed", "status": outcome.status}
    values |= {"barrier": outcome.barrier or None}
    values |= {"closed_at": max(closed, ticket.started_at or closed)}
    extra = {"note": outcome.note, "category_id": outcome.category_id, "brand": outcome.brand}
    values |= {name: value for name, value in extra.items() if value is not None}
    values |= _still_mains(ticket, outcome)
    ticket = change(session, ticket, ("started",), values, ticket.bench)
    write_codes(session, ticket.id, Work(outcome.findings, outcome.actions), actor_id)
    _close_visit(session, visit, at)
    follow(session, ticket, actor_id)
    audit.record(session, actor_id, "ticket.close", ticket.id)
    tell(session, "closed", ticket, visit)
    return ticket


def reopen(session: Session, id: str, actor_id: str) -> Ticket:
    """Undo a wrong tap: an outcome (the device is being repaired again) or a start.

    What is worked on again needs a safety test of its own; a slip that is put right at once does not.
    """
    ticket, visit = both(session, id)
    if ticket.state == "started":
        return _undo_start(session, ticket, visit, actor_id)
    if visit.state in ("left", "absent", PAUSED):
        raise wrong_state(visit)
    bench = _free_bench(session, visit, ticket.bench)
    values: dict[str, Any] = {"state": "started", "status": None, "barrier": None}
    values |= {"closed_at": None}
    slip = ticket.closed_at and suite_time(session) - ticket.closed_at <= WRONG_TAP
    values |= {"bench": bench} | ({} if slip else {"safety": None})
    ticket = change(session, ticket, ("closed",), values, bench)
    if visit.state != "serving":
        _move(session, visit, {"state": "serving", "bench": bench, "closed_at": None}, bench)
        _set_appointment(session, visit, "served", "arrived")
        events.visit(session, "arrived", visit)
    follow(session, ticket, actor_id)
    audit.record(session, actor_id, "ticket.reopen", ticket.id)
    tell(session, "started", ticket, visit)
    return ticket


def add_device(session: Session, visit_id: str, device: Device, actor_id: str) -> Ticket:
    """Take one more device of somebody who is here; one that is back gives them a rework's turn."""
    visit = visits.locked(session, visit_id)
    if visit.state not in LIVE:
        raise wrong_state(visit)
    refuse_categories(known(session, visit.session_id), [device])
    refuse_reworks(session, [device], visit.person_id, staff=True)
    ticket = add_ticket(session, visit, device)
    if device.rework_of is not None:
        mark_rework(session, visit_id, actor_id)
    audit.record(session, actor_id, "visit.add_device", ticket.id)
    touch(session, visit.session_id)
    return ticket


def _still_mains(ticket: Ticket, outcome: Outcome) -> dict[str, Any]:
    """Keep a mains device one when its category is corrected: that takes no safety test away."""
    other = BY_ID[outcome.category_id or ticket.category_id].power
    return {"supply": MAINS} if ticket.power == MAINS and other != MAINS else {}


def _move(session: Session, visit: Visit, values: dict[str, Any], bench: int | None) -> None:
    """Change a visit that this transaction has locked, if it still stands as it was read."""
    statement = (
        update(Visit)
        .where(Visit.id == visit.id, Visit.state == visit.state)
        .values(**values, version=Visit.version + 1)
        .execution_options(synchronize_session=False)
    )
    try:
        done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    except IntegrityError as error:
        raise explained(error, bench) from error
    if done != 1:
        raise wrong_state(visit)
    session.refresh(visit)


def _refuse_other(session: Session, visit: Visit, bench: int) -> None:
    if visit.bench == bench and visit.state in AT_BENCH:
        return  # a second device on the same bench is refused by the ticket's own index
    refuse_busy(session, visit.session_id, bench, besides=visit.id)


def _close_visit(session: Session, visit: Visit, at: datetime) -> None:
    open_ = (Ticket.visit_id == visit.id) & Ticket.state.in_(OPEN)
    if visit.state not in AT_BENCH or session.scalar(
        select(exists().where(open_, Ticket.paused_at.is_(None)))
    ):
        return
    if session.scalar(select(exists().where(open_))):  # the others wait for parts
        _move(session, visit, {"state": PAUSED, "bench": None, "paused_at": at}, None)
    else:
        _move(session, visit, {"state": "closed", "closed_at": at}, visit.bench)
        _set_appointment(session, visit, "arrived", "served")
    events.visit(session, "closed", visit)


def _undo_start(session: Session, ticket: Ticket, visit: Visit, actor_id: str) -> Ticket:
    values = {"state": "waiting", "bench": None, "volunteer_id": None, "started_at": None}
    values |= {"safety": None}
    ticket = change(session, ticket, ("started",), values, None)
    begun = exists().where(Ticket.visit_id == visit.id, Ticket.state.in_(("started", "closed")))
    if visit.state == "serving" and not session.scalar(select(begun)):
        back = "called" if visit.called_at and visit.bench else "waiting"
        _move(
            session,
            visit,
            {"state": back, "bench": visit.bench if back == "called" else None},
            None,
        )
    audit.record(session, actor_id, "ticket.undo_start", ticket.id)
    tell(session, "started", ticket, visit)
    return ticket


def _free_bench(session: Session, visit: Visit, bench: int | None) -> int | None:
    """Return the bench unless somebody else is there by now: then the device goes on without one."""
    if bench is None:
        return None
    try:
        refuse_busy(session, visit.session_id, bench, besides=visit.id)
    except errors.BenchBusy:
        return None
    return bench


def _set_appointment(session: Session, visit: Visit, before: str, after: str) -> None:
    if visit.appointment_id is None:
        return
    which = (Appointment.id == visit.appointment_id) & (Appointment.state == before)
    session.execute(
        update(Appointment).where(which).values(state=after, version=Appointment.version + 1)
    )
