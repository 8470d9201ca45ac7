"""Devices at a bench over HTTP: start, outcome, undo."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.ticket import Ticket
from services.booking.queries import visits
from services.booking.routes.line import on_site
from services.booking.schemas.visits import CloseRequest, StartRequest, TicketSchema
from services.booking.use_cases import tickets as use_cases
from services.booking.use_cases.acts import undoable
from shared.auth import ON_SITE
from shared.http import Blueprint, once

BLUEPRINT = Blueprint("tickets", __name__, description="What happens to one device")
ACCESS = {"tickets.start": ON_SITE, "tickets.close": ON_SITE, "tickets.reopen": ON_SITE}
TICKET = TicketSchema()


@BLUEPRINT.post("/tickets/<uuid:id>/start")
@BLUEPRINT.arguments(StartRequest)
@BLUEPRINT.response(200, TicketSchema)
def start(given: dict[str, Any], id: UUID) -> Response:
    """Begin to repair a device at a bench."""

    def work(session: Session) -> Any:
        actor = _desk(session, id)
        volunteer = given["volunteer_id"] or actor
        at = given["occurred_at"]
        with _undoable(session, "start", id, actor):
            ticket = use_cases.start(
                session, str(id), given["bench"], volunteer, actor_id=actor, occurred_at=at
            )
        return _shown(session, ticket)

    return once(work, TICKET, status=200)


@BLUEPRINT.post("/tickets/<uuid:id>/close")
@BLUEPRINT.arguments(CloseRequest)
@BLUEPRINT.response(200, TicketSchema)
def close(given: dict[str, Any], id: UUID) -> Response:
    """Record an outcome in the words of the Open Repair Data Standard."""
    occurred_at = given.pop("occurred_at")
    outcome = use_cases.Outcome(**given)

    def work(session: Session) -> Any:
        actor = _desk(session, id)
        with _undoable(session, "close", id, actor):
            ticket = use_cases.close(session, str(id), outcome, actor, occurred_at)
        return _shown(session, ticket)

    return once(work, TICKET, status=200)


@BLUEPRINT.post("/tickets/<uuid:id>/reopen")
@BLUEPRINT.response(200, TicketSchema)
def reopen(id: UUID) -> Response:
    """Undo the last tap: an outcome, or a start."""
    return once(lambda s: _shown(s, use_cases.reopen(s, str(id), _desk(s, id))), TICKET, status=200)


def _desk(session: Session, ticket_id: UUID) -> str:
    return on_site(session, visits.ticket(session, str(ticket_id)).session_id).id


def _undoable(
    session: Session, act: str, ticket_id: UUID, actor_id: str
) -> AbstractContextManager[None]:
    visit_id = visits.ticket(session, str(ticket_id)).visit_id
    return undoable(session, act, visit_id, actor_id, str(ticket_id)) if visit_id else nullcontext()


def _shown(session: Session, ticket: Ticket) -> dict[str, Any]:
    number = visits.one(session, ticket.visit_id).number if ticket.visit_id else None
    return visits.with_number(ticket, number)
