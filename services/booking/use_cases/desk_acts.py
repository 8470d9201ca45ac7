"""What was done at a desk without a connection: each act once, in its order, or a conflict for a person.

An act says what somebody saw and meant ("A021 to bench 3 at 14:31"). It is done as it would have been
then; where it does not fit what stands by now, nothing is changed and a person decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.appointment import EXPECTED, Appointment
from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.visit import AT_BENCH, TOLD, Visit
from services.booking.use_cases import arrivals, ending, line, pausing, tickets
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.desk_meaning import outcome_of, ticket_meant, visit_meant
from services.booking.use_cases.line_rules import wrong_state
from services.booking.use_cases.projection import locked as locked_session
from shared import audit
from shared.database import suite_time
from shared.errors import NotFound, Refusal
from shared.tables import idempotency_key

OUTCOMES = {
    "Fixed": ("修好了", "fixed"),
    "Repairable": ("还能修", "repairable"),
    "End of life": ("修不了", "end of life"),
    "Unknown": ("不清楚", "unknown"),
}


@dataclass(frozen=True)
class Act:
    """One act of a desk: its own id, who made it, what was meant, when by the desk's clock."""

    id: str
    actor_id: str
    kind: str
    given: dict[str, Any]
    occurred_at: datetime | None
    secret: bytes


def replay(session: Session, session_id: str, act: Act) -> tuple[DeskAct, DeskConflict | None]:
    """Do an act that was made offline, once; what does not fit becomes a conflict.

    The session's row is locked first: acts of several desks are taken one after the other.
    """
    row = locked_session(session, session_id)
    if row is None:
        raise NotFound
    known = session.get(DeskAct, act.id)
    if known is not None:
        if (known.actor_id, known.session_id) != (act.actor_id, session_id):
            raise errors.ActOfAnother
        return known, session.get(DeskConflict, act.id)
    if _done_online(session, act):
        return _kept(session, row, act, None, None), None
    try:
        with session.begin_nested():
            visit = perform(session, row, act)
    except Refusal as refusal:
        return _kept(session, row, act, None, refusal), session.get(DeskConflict, act.id)
    return _kept(session, row, act, visit, None), None


def perform(session: Session, row: ServiceSession, act: Act) -> Visit | None:
    """Do what was meant, as of then; a `Refusal` says what stands in the way."""
    return PERFORM[act.kind](session, row, act)


def _kept(
    session: Session, row: ServiceSession, act: Act, visit: Visit | None, refusal: Refusal | None
) -> DeskAct:
    at = suite_time(session)
    kept = DeskAct(
        id=act.id,
        session_id=row.id,
        actor_id=act.actor_id,
        kind=act.kind,
        given=act.given if refusal else {},
        occurred_at=arrivals.bounded(row, act.occurred_at, at),
        recorded_at=at,
        visit_id=visit.id if visit else None,
    )
    session.add(kept)
    session.flush()
    audit.record(session, act.actor_id, f"desk.{act.kind}", act.id)
    if refusal:
        session.add(_conflict(row, act, refusal))
        session.flush()
        touch(session, row.id)
    return kept


def _conflict(row: ServiceSession, act: Act, refusal: Refusal) -> DeskConflict:
    texts = list(refusal.fields.values())
    zh, en = texts[0] if texts else (refusal.text("zh"), refusal.text("en"))
    return DeskConflict(
        act_id=act.id,
        session_id=row.id,
        reason=refusal.code,
        reason_zh=zh[:300],
        reason_en=en[:300],
        state="open",
    )


def _done_online(session: Session, act: Act) -> bool:
    """Tell whether the same form went through after all before its answer was lost."""
    keys = idempotency_key.c
    same = (keys.key == act.id) & (keys.person_id == act.actor_id) & keys.status.is_not(None)
    return session.execute(select(keys.key).where(same)).first() is not None


def _check_in(session: Session, row: ServiceSession, act: Act) -> Visit:
    _open(session, row)
    found = arrivals.find_booked(session, row, act.secret, act.given)
    if isinstance(found, Appointment):
        at, fresh = _at(row, act, session), found.state in EXPECTED
        visit = arrivals.check_in(session, row, found, act.actor_id, at)
        if fresh:
            return _untold(session, visit)
        found = visit
    return pausing.back_in_line(session, found.id, act.actor_id, row.id)


def _walk_in(session: Session, row: ServiceSession, act: Act) -> Visit:
    _open(session, row)
    devices = tuple(Device(**one) for one in act.given["devices"])
    who = arrivals.Arrival(
        actor_id=act.actor_id,
        person_id=act.given.get("person_id"),
        name=act.given.get("name") or "",
        devices=devices,
        by_desk=True,
        occurred_at=act.occurred_at,
    )
    return _untold(session, arrivals.walk_in(session, row, who))


def _call(session: Session, row: ServiceSession, act: Act) -> Visit:
    visit, bench = visit_meant(session, row, act.given), act.given["bench"]
    if visit.state in AT_BENCH:
        if visit.bench == bench:
            return visit
        raise errors.CalledElsewhere(number=visit.number, bench=visit.bench or "-")
    if visit.state != "waiting":
        raise wrong_state(visit)
    at = _at(row, act, session)
    return line.call_next(session, row.id, bench, act.actor_id, visit.number, at=at)


def _absent(session: Session, row: ServiceSession, act: Act) -> Visit:
    visit = visit_meant(session, row, act.given)
    if visit.state == "absent":
        return visit
    return line.mark_absent(session, visit.id, act.actor_id)


def _back(session: Session, row: ServiceSession, act: Act) -> Visit:
    visit = visit_meant(session, row, act.given)
    return pausing.back_in_line(session, visit.id, act.actor_id, row.id)


def _leave(session: Session, row: ServiceSession, act: Act) -> Visit:
    visit = visit_meant(session, row, act.given)
    return visit if visit.state == "left" else ending.leave(session, visit.id, act.actor_id)


def _start(session: Session, row: ServiceSession, act: Act) -> Visit:
    ticket, visit = ticket_meant(session, row, act.given)
    bench = act.given["bench"]
    if ticket.state == "started" and ticket.bench in (bench, None):
        return visit
    helper = act.given.get("volunteer_id") or act.actor_id
    at = _at(row, act, session)
    tickets.start(session, ticket.id, bench, helper, actor_id=act.actor_id, occurred_at=at)
    return visit


def _outcome(session: Session, row: ServiceSession, act: Act) -> Visit:
    """Record an outcome; a device nobody marked as begun was begun and ended without a connection."""
    ticket, visit = ticket_meant(session, row, act.given)
    said, at = outcome_of(act.given), _at(row, act, session)
    if ticket.state == "closed":
        if ticket.status == said.status:
            return visit
        zh, en = OUTCOMES[ticket.status or "Unknown"]
        raise errors.OtherOutcome(number=visit.number, now_zh=zh, now_en=en)
    if ticket.state == "waiting":
        helper = act.given.get("volunteer_id") or act.actor_id
        began = act.given.get("started_at") or at
        bench = visit.bench if visit.state == "called" else None
        tickets.start(session, ticket.id, bench, helper, actor_id=act.actor_id, occurred_at=began)
    tickets.close(session, ticket.id, said, act.actor_id, at)
    return visit


def _open(session: Session, row: ServiceSession) -> None:
    """Refuse arrivals of a session that does not take them (its row is locked already)."""
    arrivals.open_session(session, row.id)


def _at(row: ServiceSession, act: Act, session: Session) -> datetime:
    return arrivals.bounded(row, act.occurred_at, suite_time(session))


def _untold(session: Session, visit: Visit) -> Visit:
    """Nobody was told a waiting range at a desk without a connection: it is not scored."""
    for name in TOLD:
        setattr(visit, name, None)
    session.flush()
    return visit


PERFORM: dict[str, Callable[[Session, ServiceSession, Act], Visit | None]] = {
    "check_in": _check_in,
    "walk_in": _walk_in,
    "call": _call,
    "absent": _absent,
    "back": _back,
    "leave": _leave,
    "start": _start,
    "outcome": _outcome,
}
