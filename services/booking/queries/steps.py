"""What comes next for somebody in a line by its rules, who is expected late, who waits for parts."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.line_policy import LineRules
from services.booking.models.session import ServiceSession
from services.booking.models.tap import UNDO_FOR, Tap
from services.booking.models.visit import GRACE, PAUSED, Visit
from services.booking.queries.visits import devices_of, shown

RECALL, ABSENT = "recall", "absent"
MOST_PAUSED = 200


def of_visit(visit: Visit, rules: LineRules, at: datetime) -> dict[str, Any]:
    """Return the step that is due (`suggest`), and until when an absent person's turn and number stand."""
    keeps = closes = None
    if visit.state == "absent" and visit.absent_at is not None:
        keeps = visit.absent_at + rules.keeps(visit.away_minutes)
        after = rules.closes(visit.away_minutes)
        closes = visit.absent_at + after if after else None
    return {"suggest": suggested(visit, rules, at), "keeps_until": keeps, "closes_at": closes}


def suggested(visit: Visit, rules: LineRules, at: datetime) -> str | None:
    """Return the step that a call which nobody answered suggests now: recall, absent, or none."""
    if visit.state != "called" or visit.called_at is None:
        return None
    if at < visit.called_at + rules.recall_after:
        return None
    return ABSENT if visit.calls >= rules.calls_before_absent else RECALL


def late(session: Session, row: ServiceSession, at: datetime) -> list[dict[str, Any]]:
    """Return who has booked, is not here and said they come later, the soonest first."""
    wanted = select(Appointment).where(
        Appointment.session_id == row.id,
        Appointment.state == "booked",
        Appointment.late_minutes > 0,
    )
    found = session.scalars(wanted.order_by(Appointment.starts_at, Appointment.id)).all()
    names = ("id", "person_id", "starts_at", "late_minutes")
    return [
        {name: getattr(one, name) for name in names} | {"kept": at <= one.keeps_turn_until(GRACE)}
        for one in found
    ]


def paused(session: Session, row: ServiceSession) -> list[dict[str, Any]]:
    """Return who waits for parts in this offering, whatever the session, the longest first."""
    wanted = (
        select(Visit, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Visit.session_id)
        .where(ServiceSession.offering_id == row.offering_id, Visit.state == PAUSED)
        .order_by(Visit.paused_at, Visit.id)
        .limit(MOST_PAUSED)
    )
    rows = session.execute(wanted).all()
    devices = devices_of(session, [visit.id for visit, _ in rows])
    return [
        shown(visit, devices.get(visit.id, [])) | {"session_starts_at": of.starts_at}
        for visit, of in rows
    ]


def last_act(
    session: Session, session_id: str, person_id: str, at: datetime
) -> dict[str, Any] | None:
    """Return what somebody did last at this desk, while it can still be taken back."""
    mine = (Tap.session_id == session_id) & (Tap.actor_id == person_id)
    wanted = select(Tap).where(mine, Tap.undone_at.is_(None), Tap.at > at - UNDO_FOR)
    act = session.scalars(wanted.order_by(Tap.at.desc(), Tap.id.desc()).limit(1)).first()
    if act is None:
        return None
    names = ("id", "act", "number", "bench", "at")
    return {name: getattr(act, name) for name in names} | {"until": act.at + UNDO_FOR}
