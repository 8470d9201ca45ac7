"""Whom and what an offline act means: a visit by id, number or an earlier act; its device; its outcome."""

from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.desk_act import DeskAct
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.use_cases.tickets import Outcome

OUTCOME = ("status", "barrier", "note", "category_id", "brand")


def visit_meant(session: Session, row: ServiceSession, given: dict[str, Any]) -> Visit:
    """Return the visit that an act names: by its id, by an act before it, or by its number."""
    id = given.get("visit_id") or _visit_of_act(session, row, given.get("of"))
    here = Visit.session_id == row.id
    number = (given.get("number") or "").strip().upper()
    which = (Visit.id == id) if id else (Visit.number == number)
    found = session.scalars(
        select(Visit).where(here, which), execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise errors.NobodyOfThatNumber(number=number or "—")
    return found


def ticket_meant(
    session: Session, row: ServiceSession, given: dict[str, Any]
) -> tuple[Ticket, Visit]:
    """Return the device that an act names, or the visit's next one: begun first, then waiting, then done."""
    if given.get("ticket_id"):
        ticket = session.get(Ticket, given["ticket_id"], populate_existing=True)
        if ticket is None or ticket.session_id != row.id or ticket.visit_id is None:
            raise errors.NothingToRepair(number=given.get("number") or "—")
        return ticket, visit_meant(session, row, {"visit_id": ticket.visit_id})
    visit = visit_meant(session, row, given)
    order = case({"started": 0, "waiting": 1, "closed": 2}, value=Ticket.state)
    mine = (Ticket.visit_id == visit.id) & (Ticket.state != "cancelled")
    statement = select(Ticket).where(mine).order_by(order, Ticket.closed_at.desc(), Ticket.id)
    found = session.scalars(statement.limit(1)).one_or_none()
    if found is None:
        raise errors.NothingToRepair(number=visit.number)
    return found, visit


def outcome_of(given: dict[str, Any]) -> Outcome:
    """Return the outcome that an act records."""
    return Outcome(**{name: given[name] for name in OUTCOME if given.get(name) is not None})


def _visit_of_act(session: Session, row: ServiceSession, act_id: str | None) -> str | None:
    if act_id is None:
        return None
    act = session.get(DeskAct, act_id)
    return act.visit_id if act is not None and act.session_id == row.id else None
