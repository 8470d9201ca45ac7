"""The line over HTTP: arrive, call, come back, leave; what the desk and the wall show."""

from datetime import timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.visit import Visit
from services.booking.queries import line as queries
from services.booking.queries import places, visits
from services.booking.queries.sessions import known
from services.booking.schemas.appointments import DeviceRequest
from services.booking.schemas.visits import (
    BoardSchema,
    CallRequest,
    CheckInRequest,
    KeyRequest,
    PlaceSchema,
    QueueSchema,
    TicketSchema,
    VisitSchema,
    WalkInRequest,
    WallCodeSchema,
)
from services.booking.use_cases import arrivals
from services.booking.use_cases import line as use_cases
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.tickets import add_device
from shared import clock
from shared.auth import (
    ANYONE,
    FRONT,
    ON_SITE,
    SIGNED_IN,
    STAFF,
    Person,
    current_person,
    maybe_person,
    wall_key,
)
from shared.codes import rotating_code
from shared.errors import Forbidden, NotFound
from shared.http import Blueprint, once, reading, reply, settings_of_app, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("line", __name__, description="The one line of a session")
ACCESS = {
    "line.check_in": SIGNED_IN,
    "line.walk_in": SIGNED_IN,
    "line.queue": ON_SITE,
    "line.board": SIGNED_IN | {FRONT},
    "line.wall_code": STAFF | {FRONT},
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


@BLUEPRINT.post("/sessions/<uuid:id>/check-ins")
@BLUEPRINT.arguments(CheckInRequest)
@BLUEPRINT.response(201, PlaceSchema)
def check_in(given: dict[str, Any], id: UUID) -> Response:
    """Put a booked person in line: by appointment, number or code (desk), by the wall's code (owner)."""
    _spend_for(given)
    return once(lambda s: _shown(s, _arrived(s, str(id), given)), PLACE)


@BLUEPRINT.post("/sessions/<uuid:id>/walk-ins")
@BLUEPRINT.arguments(WalkInRequest)
@BLUEPRINT.response(201, PlaceSchema)
def walk_in(given: dict[str, Any], id: UUID) -> Response:
    """Give a number to somebody without a booking: typed at the desk, or oneself by the wall's code."""
    _spend_for(given)
    return once(lambda s: _shown(s, _walked_in(s, str(id), given), with_key=True), PLACE)


@BLUEPRINT.get("/sessions/<uuid:id>/queue")
@BLUEPRINT.response(200, QueueSchema)
def queue(id: UUID) -> Response:
    """Show the line, the benches and today's outcomes (staff, and volunteers with a shift here)."""
    with reading() as session:
        on_site(session, str(id))
        return answer(QUEUE.dump(queries.queue(session, str(id))))


@BLUEPRINT.get("/sessions/<uuid:id>/board")
@BLUEPRINT.response(200, BoardSchema)
def board(id: UUID) -> Response:
    """Show what the wall shows."""
    with reading() as session:
        return answer(BOARD.dump(queries.board(session, str(id))))


@BLUEPRINT.get("/sessions/<uuid:id>/wall-code")
@BLUEPRINT.response(200, WallCodeSchema)
def wall_code(id: UUID) -> Any:
    """Return the code that the wall shows now; it and the two before it are taken."""
    with reading() as session:
        known(session, str(id))
    at = clock.now()
    ends = at - timedelta(seconds=at.timestamp() % WINDOW) + timedelta(seconds=WINDOW)
    return {"code": rotating_code(secret(), str(id), at, WINDOW), "expires_at": ends}


@BLUEPRINT.post("/sessions/<uuid:id>/call-next")
@BLUEPRINT.arguments(CallRequest)
@BLUEPRINT.response(200, VisitSchema)
def call_next(given: dict[str, Any], id: UUID) -> Response:
    """Call the first in line to a bench."""

    def work(session: Session) -> Any:
        person = on_site(session, str(id))
        number = given["number"]
        return _visit(
            session, use_cases.call_next(session, str(id), given["bench"], person.id, number)
        )

    return once(work, VISIT, status=200)


@BLUEPRINT.post("/visits/<uuid:id>/recall")
@BLUEPRINT.response(200, VisitSchema)
def recall(id: UUID) -> Response:
    """Call once more."""
    return once(lambda s: _visit(s, use_cases.recall(s, str(id), _desk(s, id))), VISIT, status=200)


@BLUEPRINT.post("/visits/<uuid:id>/absent")
@BLUEPRINT.response(200, VisitSchema)
def absent(id: UUID) -> Response:
    """Say that somebody did not come when called; the bench is free again."""
    return once(
        lambda s: _visit(s, use_cases.mark_absent(s, str(id), _desk(s, id))), VISIT, status=200
    )


@BLUEPRINT.post("/visits/<uuid:id>/return")
@BLUEPRINT.response(200, VisitSchema)
def come_back(id: UUID) -> Response:
    """Put somebody back in line; within twenty minutes they keep their turn."""
    return once(
        lambda s: _visit(s, use_cases.come_back(s, str(id), _desk(s, id))), VISIT, status=200
    )


@BLUEPRINT.post("/visits/<uuid:id>/leave")
@BLUEPRINT.arguments(KeyRequest)
@BLUEPRINT.response(200, VisitSchema)
def leave(given: dict[str, Any], id: UUID) -> Response:
    """Leave the line: the owner (signed in, or with the ticket's key) or the desk."""

    def work(session: Session) -> Any:
        visit = visits.one(session, str(id))
        actor = owner_or_desk(session, visit, given["key"])
        return _visit(session, use_cases.leave(session, visit.id, actor))

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
        use_cases.forget_name(session, str(id), _desk(session, id))


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


def _desk(session: Session, visit_id: UUID) -> str:
    return on_site(session, visits.one(session, str(visit_id)).session_id).id


def _spend_for(given: dict[str, Any]) -> None:
    if given["wall_code"]:
        with transaction() as session:
            spend(session, "line.arrive", current_person().id, capacity=20, per_seconds=600)


def _arrived(session: Session, session_id: str, given: dict[str, Any]) -> Visit:
    person = current_person()
    if not given["wall_code"]:
        on_site(session, session_id)
    row = arrivals.open_session(session, session_id)
    if given["wall_code"]:
        arrivals.prove_presence(secret(), session_id, given["wall_code"], clock.now())
        mine = visits.live_of(session, session_id, person.id)
        found = mine or arrivals.booked_by(session, row, person.id)
    else:
        found = arrivals.find_booked(session, row, secret(), given)
    if isinstance(found, Visit):
        return use_cases.come_back(session, found.id, person.id)
    return arrivals.check_in(session, row, found, person.id, given["occurred_at"])


def _walked_in(session: Session, session_id: str, given: dict[str, Any]) -> Visit:
    person = current_person()
    by_desk = not given["wall_code"]
    if by_desk:
        on_site(session, session_id)
    elif given["name"] or given["person_id"]:
        raise Forbidden
    row = arrivals.open_session(session, session_id)
    if not by_desk:
        arrivals.prove_presence(secret(), session_id, given["wall_code"], clock.now())
    who = arrivals.Arrival(
        actor_id=person.id,
        person_id=given["person_id"] if by_desk else person.id,
        name=given["name"],
        devices=tuple(Device(**device) for device in given["devices"]),
        by_desk=by_desk,
        occurred_at=given["occurred_at"],
    )
    return arrivals.walk_in(session, row, who)


def _shown(session: Session, visit: Visit, *, with_key: bool = False) -> dict[str, Any]:
    booking = session.get(Appointment, visit.appointment_id) if visit.appointment_id else None
    return places.place(session, booking, visit, secret(), with_key=with_key)


def _visit(session: Session, visit: Visit) -> dict[str, Any]:
    return visits.shown(visit, visits.devices_of(session, [visit.id]).get(visit.id, []))
