"""Conflicts of a session as the desk decides them: what was meant, and what stands now."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries.sessions import known
from services.booking.queries.visits import devices_of, shown

MOST = 200


def open_count(session: Session, session_id: str) -> int:
    """Count the conflicts that wait for a decision."""
    mine = (DeskConflict.session_id == session_id) & (DeskConflict.state == "open")
    return int(session.scalar(select(func.count()).select_from(DeskConflict).where(mine)) or 0)


def of_session(session: Session, session_id: str) -> list[dict[str, Any]]:
    """Return the conflicts of a session: the open ones in the order of their acts, then the decided."""
    known(session, session_id)
    statement = (
        select(DeskConflict, DeskAct)
        .join(DeskAct, DeskAct.id == DeskConflict.act_id)
        .where(DeskConflict.session_id == session_id)
        .order_by(DeskConflict.state != "open", DeskAct.occurred_at, DeskAct.id)
        .limit(MOST)
    )
    return [_shown(session, conflict, act) for conflict, act in session.execute(statement).all()]


def one(session: Session, act_id: str) -> dict[str, Any]:
    """Return one conflict."""
    conflict = session.get_one(DeskConflict, act_id)
    return _shown(session, conflict, session.get_one(DeskAct, act_id))


def _shown(session: Session, conflict: DeskConflict, act: DeskAct) -> dict[str, Any]:
    visit = _visit(session, act)
    devices = devices_of(session, [visit.id]).get(visit.id, []) if visit else []
    return {
        "act_id": act.id,
        "session_id": act.session_id,
        "kind": act.kind,
        "given": act.given,
        "actor_id": act.actor_id,
        "occurred_at": act.occurred_at,
        "recorded_at": act.recorded_at,
        "reason": {"zh": conflict.reason_zh, "en": conflict.reason_en},
        "code": conflict.reason,
        "state": conflict.state,
        "decided_by": conflict.decided_by,
        "decided_at": conflict.decided_at,
        "stands": shown(visit, devices) if visit else None,
    }


def _visit(session: Session, act: DeskAct) -> Visit | None:
    """Return the visit an act is about, as far as it says."""
    given = act.given
    of = session.get(DeskAct, given["of"]) if given.get("of") else None
    ticket = session.get(Ticket, given["ticket_id"]) if given.get("ticket_id") else None
    ids = (act.visit_id, given.get("visit_id"), of and of.visit_id, ticket and ticket.visit_id)
    id = next((one for one in ids if one), None)
    here = Visit.session_id == act.session_id
    if id:
        return session.scalars(select(Visit).where(here, Visit.id == id)).one_or_none()
    if given.get("appointment_id"):
        by_booking = select(Visit).where(here, Visit.appointment_id == given["appointment_id"])
        return session.scalars(by_booking.order_by(Visit.recorded_at.desc())).first()
    number = (given.get("number") or "").strip().upper()
    return session.scalars(select(Visit).where(here, Visit.number == number)).one_or_none()
