"""Putting one's own turn off, within bounds: late, a few minutes, taken back; and the turn of a rework."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.appointment import Appointment
from services.booking.models.line_policy import LineRules
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit, turn, turn_later
from services.booking.queries import visits
from services.booking.queries.line_policy import rules_of
from services.booking.queries.sessions import known
from services.booking.queries.turns import late_window
from services.booking.use_cases.line import AWAKE, change
from shared import audit
from shared.database import suite_time


def late(session: Session, appointment: Appointment, actor_id: str) -> Appointment:
    """Say before arriving that one comes some minutes later; the turn is kept that much longer."""
    row = known(session, appointment.session_id)
    rules = rules_of(session, row)
    opens, closes = late_window(appointment)
    if not opens <= suite_time(session) <= closes:
        local = errors.local
        raise errors.NotLateYet(opens=local(opens, row.zone), closes=local(closes, row.zone))
    most = rules.late_minutes * rules.late_times
    statement = (
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.state == "booked")
        .where(Appointment.late_minutes + rules.late_minutes <= most)
        .values(late_minutes=Appointment.late_minutes + rules.late_minutes)
        .values(version=Appointment.version + 1)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    session.refresh(appointment)
    if done != 1:
        raise errors.NotLive() if appointment.state != "booked" else errors.PutOffEnough()
    audit.record(session, actor_id, "appointment.late", appointment.id)
    touch(session, row.id)
    return appointment


def stay_away(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Say, after being called and not there, that one is coming: the turn is kept that much longer."""
    visit = visits.locked(session, visit_id)
    rules = rules_of(session, known(session, visit.session_id))
    if visit.state == "absent" and visit.away_minutes >= rules.late_minutes * rules.late_times:
        raise errors.PutOffEnough
    values = {"away_minutes": Visit.away_minutes + rules.late_minutes}
    return change(
        session,
        visit_id,
        ("absent",),
        values,
        verb="closed",
        actor_id=actor_id,
        action="visit.late",
    )


def snooze(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Let others go first for a few minutes; who was just called frees the bench by it."""
    visit = visits.locked(session, visit_id)
    rules = rules_of(session, known(session, visit.session_id))
    at = suite_time(session)
    _refuse_snooze(visit, rules, at)
    later = turn_later(visit.turn_at, at, timedelta(minutes=rules.snooze_minutes))
    values: dict[str, Any] = {"state": "waiting", "bench": None, "snoozes": Visit.snoozes + 1}
    values |= {"snoozed_until": at + timedelta(minutes=rules.snooze_minutes)}
    values |= {"snoozed_from": visit.turn_at, "turn_at": later}
    return change(
        session,
        visit_id,
        ("waiting", "called"),
        values,
        verb="arrived",
        actor_id=actor_id,
        action="visit.snooze",
    )


def take_back(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Be there after all: the old turn holds again."""
    visit = visits.locked(session, visit_id)
    if visit.state == "waiting" and visit.snoozed_from is None:
        raise errors.NotSnoozed
    values = {"turn_at": visit.snoozed_from or visit.turn_at, **AWAKE}
    return change(
        session,
        visit_id,
        ("waiting",),
        values,
        verb="arrived",
        actor_id=actor_id,
        action="visit.take_back",
    )


def mark_rework(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Give the visit of a device that came back the turn of a rework: first after those due now.

    Whoever adds a rework ticket calls this in the same transaction, after the visit has arrived.
    """
    visit = visits.locked(session, visit_id)
    if visit.rework:
        return visit
    row: ServiceSession = known(session, visit.session_id)
    own = turn(visit.arrived_at, visit.slot_starts_at, row.starts_at, prior=True)
    values = {"rework": True, "turn_at": min(visit.turn_at, own)}
    stands = ("waiting", "called", "serving", "absent")
    return change(
        session,
        visit_id,
        stands,
        values,
        verb="closed" if visit.state == "absent" else _verb(visit),
        actor_id=actor_id,
        action="visit.rework",
    )


def _verb(visit: Visit) -> str:
    return "called" if visit.state == "called" else "arrived"


def _refuse_snooze(visit: Visit, rules: LineRules, at: datetime) -> None:
    if visit.snoozed_until is not None and visit.snoozed_until > at:
        raise errors.SnoozedAlready
    if visit.state in ("waiting", "called") and visit.snoozes >= rules.snooze_times:
        raise errors.PutOffEnough
