"""Pausing a repair for parts, and coming back with priority, today or in a later session."""

from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.live import touch
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import PAUSED, TOLD, Visit, turn
from services.booking.queries import visits
from services.booking.queries.sessions import known
from services.booking.use_cases.arrivals import open_session
from services.booking.use_cases.ending import POLICY, take_up
from services.booking.use_cases.line import AWAKE, change, come_back
from services.booking.use_cases.line_rules import WORDS, wrong_state
from services.booking.use_cases.placing import keep_told, move_to, refuse_kinds
from shared import audit
from shared.database import suite_time

HERE = ("waiting", "called", "serving")


def pause(session: Session, ticket_id: str, actor_id: str) -> Ticket:
    """Lay a device aside until its parts are there; with its last open one the visit pauses.

    The bench is free at once. A device that goes on first keeps its owner at the bench.
    """
    ticket = visits.ticket(session, ticket_id)
    if ticket.visit_id is None:
        raise errors.DeviceNotInState(now_zh="还没有签到", now_en="not here yet")
    visit = visits.locked(session, ticket.visit_id)
    if visit.state not in HERE:
        raise wrong_state(visit)
    session.refresh(ticket)
    begun = ticket.state == "started"
    _lay_aside(session, ticket)
    audit.record(session, actor_id, "ticket.pause", ticket.id)
    if begun:
        events.ticket(session, "started", ticket, visit.number)
    if not has_more(session, visit.id):
        pause_visit(session, visit, actor_id)
    touch(session, visit.session_id)
    return ticket


def has_more(session: Session, visit_id: str) -> bool:
    """Tell whether a visit has a device that can go on now."""
    goes_on = exists().where(
        Ticket.visit_id == visit_id, Ticket.state.in_(OPEN), Ticket.paused_at.is_(None)
    )
    return bool(session.scalar(select(goes_on)))


def pause_visit(session: Session, visit: Visit, actor_id: str) -> Visit:
    """Let the owner of what waits for parts go home; the bench is free."""
    values: dict[str, Any] = {"state": PAUSED, "bench": None, "paused_at": suite_time(session)}
    return change(
        session,
        visit.id,
        HERE,
        values | AWAKE,
        verb="closed",
        actor_id=actor_id,
        action="visit.pause",
    )


def resume(session: Session, visit_id: str, session_id: str, actor_id: str) -> Visit:
    """Put somebody whose parts are there into the line of a session: the turn is this moment."""
    row = open_session(session, session_id)
    visit = visits.locked(session, visit_id)
    if visit.state != PAUSED:
        raise wrong_state(visit)
    if known(session, visit.session_id).offering_id != row.offering_id:
        raise errors.OtherOffering
    refuse_kinds(session, visit, row)
    at = suite_time(session)
    values: dict[str, Any] = {"state": "waiting", "resumed": True, "paused_at": None, "calls": 0}
    values |= {"arrived_at": at, "recorded_at": at, "slot_starts_at": None}
    values |= {"turn_at": turn(at, None, row.starts_at, prior=True)}
    values |= dict.fromkeys(("called_at", "waited", *TOLD))
    visit = move_to(
        session,
        visit,
        row,
        values,
        expected=(PAUSED,),
        actor_id=actor_id,
        action="visit.resume",
    )
    keep_told(session, row, visit)
    return visit


def back_in_line(session: Session, visit_id: str, actor_id: str, session_id: str) -> Visit:
    """Put whoever comes (again) to a session's desk in line: absent, paused, or given up on.

    Who is in line already stays there; who is done or has left is refused with that word.
    """
    visit = visits.one(session, visit_id)
    if visit.state == PAUSED:
        return resume(session, visit_id, session_id, actor_id)
    if visit.state == "left" and visit.ended_by == POLICY:
        return _welcome(session, visit_id, actor_id)
    if visit.state in ("left", "closed"):
        raise wrong_state(visit)
    return come_back(session, visit_id, actor_id)


def _welcome(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Take somebody in again whose number the policy had closed: the turn is this moment."""
    open_session(session, visits.one(session, visit_id).session_id)
    at = suite_time(session)
    visit = visits.locked(session, visit_id)
    values: dict[str, Any] = {"state": "waiting", "absent_at": None, "closed_at": None}
    values |= {"ended_by": None, "turn_at": max(visit.turn_at, at)}
    visit = change(
        session,
        visit_id,
        ("left",),
        values,
        verb="arrived",
        actor_id=actor_id,
        action="visit.return",
    )
    take_up(session, visit)
    touch(session, visit.session_id)
    return visit


def _lay_aside(session: Session, ticket: Ticket) -> None:
    open_ = Ticket.state.in_(OPEN) & Ticket.paused_at.is_(None)
    values: dict[str, Any] = {"state": "waiting", "bench": None, "started_at": None}
    statement = (
        update(Ticket)
        .where(Ticket.id == ticket.id, open_)
        .values(**values, paused_at=suite_time(session), version=Ticket.version + 1)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    session.refresh(ticket)
    if done != 1:
        zh, en = WORDS[PAUSED if ticket.paused_at else ticket.state]
        raise errors.DeviceNotInState(now_zh=zh, now_en=en)
