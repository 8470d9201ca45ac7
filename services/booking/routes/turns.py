"""One's own turn over HTTP: late, a few minutes, taken back, another line; parts; undo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries import line as queries
from services.booking.queries import places, visits
from services.booking.queries import switching as other_lines
from services.booking.routes.line import VISIT, on_site, owner_or_desk, secret, shown_visit
from services.booking.schemas.turns import OtherLinesSchema, ResumeRequest, SwitchRequest
from services.booking.schemas.visits import (
    KeyQuery,
    KeyRequest,
    PlaceSchema,
    QueueSchema,
    TicketSchema,
    VisitSchema,
)
from services.booking.use_cases import pausing, turns
from services.booking.use_cases.acts import undoable
from services.booking.use_cases.appointments import visible
from services.booking.use_cases.switching import switch as switch_line
from services.booking.use_cases.undo import undo as undo_act
from shared.auth import ANYONE, ON_SITE, SIGNED_IN, current_person, maybe_person
from shared.http import Blueprint, once, reading
from shared.rate_limit import spend

BLUEPRINT = Blueprint("turns", __name__, description="Putting turns off, other lines, parts, undo")
ACCESS = {
    "turns.late_booking": SIGNED_IN,
    "turns.late": ANYONE,
    "turns.snooze": ANYONE,
    "turns.take_back": ANYONE,
    "turns.switch": ANYONE,
    "turns.lines": ANYONE,
    "turns.pause": ON_SITE,
    "turns.resume": ON_SITE,
    "turns.undo": ON_SITE,
}


@BLUEPRINT.post("/appointments/<uuid:id>/late")
@BLUEPRINT.response(200, PlaceSchema)
def late_booking(id: UUID) -> Response:
    """Say before arriving that one comes some minutes later (the owner, or staff for them)."""

    def work(session: Session) -> Any:
        person = current_person()
        booking = visible(session, str(id), person.id, staff=person.is_staff)
        booking = turns.late(session, booking, person.id)
        return places.told(places.place(session, booking, None, secret()))

    return once(work, PlaceSchema(), status=200)


@BLUEPRINT.post("/visits/<uuid:id>/late")
@BLUEPRINT.arguments(KeyRequest)
@BLUEPRINT.response(200, VisitSchema)
def late(given: dict[str, Any], id: UUID) -> Response:
    """Say, after being called and not there, that one is coming: the turn is kept longer."""
    return _own(id, given["key"], "late", turns.stay_away)


@BLUEPRINT.post("/visits/<uuid:id>/snooze")
@BLUEPRINT.arguments(KeyRequest)
@BLUEPRINT.response(200, VisitSchema)
def snooze(given: dict[str, Any], id: UUID) -> Response:
    """Let others go first for a few minutes."""
    return _own(id, given["key"], "snooze", turns.snooze)


@BLUEPRINT.post("/visits/<uuid:id>/take-back")
@BLUEPRINT.arguments(KeyRequest)
@BLUEPRINT.response(200, VisitSchema)
def take_back(given: dict[str, Any], id: UUID) -> Response:
    """Be there after all, with the old turn."""
    return _own(id, given["key"], "take_back", turns.take_back)


@BLUEPRINT.get("/visits/<uuid:id>/lines")
@BLUEPRINT.arguments(KeyQuery, location="query")
@BLUEPRINT.response(200, OtherLinesSchema)
def lines(given: dict[str, Any], id: UUID) -> Any:
    """List the other lines open now that take this person's devices."""
    with reading() as session:
        visit = visits.one(session, str(id))
        owner_or_desk(session, visit, given["key"])
        return {"items": other_lines.other_lines(session, visit)}


@BLUEPRINT.post("/visits/<uuid:id>/switch")
@BLUEPRINT.arguments(SwitchRequest)
@BLUEPRINT.response(200, VisitSchema)
def switch(given: dict[str, Any], id: UUID) -> Response:
    """Go over to another line that is open now; the turn is kept, the number is new."""

    def act(session: Session, visit_id: str, actor: str) -> Visit:
        visit = visits.one(session, visit_id)
        desk = not _is_owner(visit, given["key"])
        return switch_line(session, visit_id, given["session_id"], actor, by_desk=desk)

    return _own(id, given["key"], "switch", act)


@BLUEPRINT.post("/tickets/<uuid:id>/pause")
@BLUEPRINT.response(200, TicketSchema)
def pause(id: UUID) -> Response:
    """Lay a device aside until its parts are there; the bench is free."""

    def work(session: Session) -> Any:
        found = visits.ticket(session, str(id))
        actor = on_site(session, found.session_id).id
        visit_id = found.visit_id or ""
        if not visit_id:
            return _ticket(session, pausing.pause(session, str(id), actor))
        with undoable(session, "pause", visit_id, actor, str(id)):
            ticket = pausing.pause(session, str(id), actor)
        return _ticket(session, ticket)

    return once(work, TicketSchema(), status=200)


@BLUEPRINT.post("/visits/<uuid:id>/resume")
@BLUEPRINT.arguments(ResumeRequest)
@BLUEPRINT.response(200, VisitSchema)
def resume(given: dict[str, Any], id: UUID) -> Response:
    """Put somebody whose parts are there into the line of a session, with priority."""

    def work(session: Session) -> Any:
        actor = on_site(session, given["session_id"]).id
        with undoable(session, "resume", str(id), actor):
            visit = pausing.resume(session, str(id), given["session_id"], actor)
        return shown_visit(session, visit)

    return once(work, VISIT, status=200)


@BLUEPRINT.post("/taps/<uuid:id>/undo")
@BLUEPRINT.response(200, QueueSchema)
def undo(id: UUID) -> Response:
    """Take one's own last act at a desk back, while nothing else stands on it."""

    def work(session: Session) -> Any:
        me = current_person().id
        act = undo_act(session, str(id), me)
        return queries.told_queue(queries.queue(session, act.session_id, me))

    return once(work, QueueSchema(), status=200)


def _own(
    id: UUID, key: str | None, name: str, act: Callable[[Session, str, str], Visit]
) -> Response:
    """Do something about a turn as its owner, by the key of its link, or as the desk (undoable)."""

    def work(session: Session) -> Any:
        visit = visits.one(session, str(id))
        actor = owner_or_desk(session, visit, key)
        if _is_owner(visit, key):
            spend(session, "line.turn", str(id), capacity=20, per_seconds=600)
            return shown_visit(session, act(session, str(id), actor))
        with undoable(session, name, str(id), actor):
            visit = act(session, str(id), actor)
        return shown_visit(session, visit)

    return once(work, VISIT, status=200)


def _is_owner(visit: Visit, key: str | None) -> bool:
    person = maybe_person()
    return bool(key) or (person is not None and person.id == visit.person_id)


def _ticket(session: Session, ticket: Ticket) -> dict[str, Any]:
    number = visits.one(session, ticket.visit_id).number if ticket.visit_id else None
    return visits.with_number(ticket, number)
