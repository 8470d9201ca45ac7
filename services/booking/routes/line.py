"""The line over HTTP: arrive, call, come back, leave; what the desk and the wall show."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from services.booking.models.visit import Visit
from services.booking.queries import line as queries
from services.booking.queries import visits
from services.booking.schemas.appointments import DeviceRequest
from services.booking.schemas.visits import (
    BoardSchema,
    CallRequest,
    KeyRequest,
    PlaceSchema,
    QueueSchema,
    TicketSchema,
    VisitSchema,
)
from services.booking.use_cases import acts, ending, pausing
from services.booking.use_cases import line as use_cases
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.tickets import add_device
from shared import clock
from shared.auth import (
    ANYONE,
    FRONT,
    ON_SITE,
    SIGNED_IN,
    Person,
    current_person,
    maybe_person,
    wall_key,
)
from shared.errors import NotFound
from shared.http import Blueprint, once, reading, reply, settings_of_app, transaction

BLUEPRINT = Blueprint("line", __name__, description="The one line of a session")
ACCESS = {
    "line.queue": ON_SITE,
    "line.board": SIGNED_IN | {FRONT},
    "line.call_next": ON_SITE,
    "line.recall": ON_SITE,
    "line.absent": ON_SITE,
    "line.come_back": ON_SITE,
    "line.leave": ANYONE,
    "line.add_devices": ON_SITE,
    "line.forget_name": ON_SITE,
}
PLACE, VISIT, TICKET = PlaceSchema(), VisitSchema(), TicketSchema()
QUEUE, BOARD = QueueSchema(), BoardSchema()
WINDOW = 60


def secret() -> bytes:
    """Return the key of wall codes and check-in codes."""
    return wall_key(settings_of_app().token_keys)


def on_site(session: Session, session_id: str) -> Person:
    """Return who is asking if they are staff or have a shift here; to others there is nothing."""
    person = current_person()
    if not (person.is_staff or visits.helps(session, session_id, person.id)):
        raise NotFound
    return person


@BLUEPRINT.get("/sessions/<uuid:id>/queue")
@BLUEPRINT.response(200, QueueSchema)
def queue(id: UUID) -> Response:
    """Show the line, the benches and today's outcomes (staff, and volunteers with a shift here)."""
    with reading() as session:
        person = on_site(session, str(id))
        seen = queries.queue(session, str(id), person.id)
    return answer(QUEUE.dump(queries.told_queue(seen)))


@BLUEPRINT.get("/sessions/<uuid:id>/board")
@BLUEPRINT.response(200, BoardSchema)
def board(id: UUID) -> Response:
    """Show what the wall shows."""
    with reading() as session:
        seen = queries.board(session, str(id))
    return answer(BOARD.dump(queries.told_board(seen)))


@BLUEPRINT.post("/sessions/<uuid:id>/call-next")
@BLUEPRINT.arguments(CallRequest)
@BLUEPRINT.response(200, VisitSchema)
def call_next(given: dict[str, Any], id: UUID) -> Response:
    """Call the first in line to a bench."""

    def work(session: Session) -> Any:
        person = on_site(session, str(id))
        number = given["number"]
        visit = use_cases.call_next(session, str(id), given["bench"], person.id, number)
        acts.keep_call(session, visit, person.id)
        return shown_visit(session, visit)

    return once(work, VISIT, status=200)


@BLUEPRINT.post("/visits/<uuid:id>/recall")
@BLUEPRINT.response(200, VisitSchema)
def recall(id: UUID) -> Response:
    """Call once more."""
    return _at_desk(id, "recall", use_cases.recall)


@BLUEPRINT.post("/visits/<uuid:id>/absent")
@BLUEPRINT.response(200, VisitSchema)
def absent(id: UUID) -> Response:
    """Say that somebody did not come when called; the bench is free again."""
    return _at_desk(id, "absent", use_cases.mark_absent)


@BLUEPRINT.post("/visits/<uuid:id>/return")
@BLUEPRINT.response(200, VisitSchema)
def come_back(id: UUID) -> Response:
    """Put somebody back in line; for a while, as the line's rules say, they keep their turn."""

    def act(session: Session, visit_id: str, actor: str) -> Visit:
        where = visits.one(session, visit_id).session_id
        return pausing.back_in_line(session, visit_id, actor, where)

    return _at_desk(id, "return", act)


@BLUEPRINT.post("/visits/<uuid:id>/leave")
@BLUEPRINT.arguments(KeyRequest)
@BLUEPRINT.response(200, VisitSchema)
def leave(given: dict[str, Any], id: UUID) -> Response:
    """Leave the line: the owner (signed in, or with the ticket's key) or the desk."""

    def work(session: Session) -> Any:
        visit = visits.one(session, str(id))
        actor = owner_or_desk(session, visit, given["key"])
        with acts.undoable(session, "leave", visit.id, actor):
            visit = ending.leave(session, visit.id, actor)
        return shown_visit(session, visit)

    return once(work, VISIT, status=200)


@BLUEPRINT.post("/visits/<uuid:id>/devices")
@BLUEPRINT.arguments(DeviceRequest)
@BLUEPRINT.response(201, TicketSchema)
def add_devices(given: dict[str, Any], id: UUID) -> Response:
    """Take one more device of somebody who is here."""

    def work(session: Session) -> Any:
        ticket = add_device(session, str(id), Device(**given), _desk(session, id))
        return visits.with_number(ticket, visits.one(session, str(id)).number)

    return once(work, TICKET)


@BLUEPRINT.delete("/visits/<uuid:id>/name")
@BLUEPRINT.response(204)
def forget_name(id: UUID) -> None:
    """Erase a name that was typed at the desk."""
    with transaction() as session:
        ending.forget_name(session, str(id), _desk(session, id))


def answer(body: dict[str, Any]) -> Response:
    """Answer a view of the line with its ETag; ranges move with time, so it lives a minute at most."""
    tag = f"{body['version']}-{int(clock.now().timestamp()) // WINDOW}"
    response = reply(body)
    response.set_etag(tag, weak=True)
    response.make_conditional(request)
    return response


def holds_key(visit: Visit, key: str | None) -> bool:
    """Tell whether `key` is the one of the visit's link."""
    return compare_digest((key or "").encode(), visit.access_key.encode())


def owner_or_desk(session: Session, visit: Visit, key: str | None) -> str:
    """Return who is asking if the visit is theirs, they hold its key, or they work here."""
    person = maybe_person()
    if holds_key(visit, key):
        return person.id if person else "-"
    if person is None:
        raise NotFound
    return person.id if person.id == visit.person_id else on_site(session, visit.session_id).id


def shown_visit(session: Session, visit: Visit) -> dict[str, Any]:
    """Return a visit with its devices, as the desk's acts answer it."""
    return visits.shown(visit, visits.devices_of(session, [visit.id]).get(visit.id, []))


def _at_desk(id: UUID, name: str, act: Callable[[Session, str, str], Visit]) -> Response:
    """Do something at the desk that can be taken back."""

    def work(session: Session) -> Any:
        actor = _desk(session, id)
        with acts.undoable(session, name, str(id), actor):
            visit = act(session, str(id), actor)
        return shown_visit(session, visit)

    return once(work, VISIT, status=200)


def _desk(session: Session, visit_id: UUID) -> str:
    return on_site(session, visits.one(session, str(visit_id)).session_id).id
