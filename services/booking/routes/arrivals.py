"""Arriving over HTTP: with a booking, without one, by the desk or by the wall's code."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.appointment import EXPECTED, Appointment
from services.booking.models.visit import Visit
from services.booking.queries import places, visits
from services.booking.queries.sessions import known
from services.booking.routes.line import WINDOW, on_site, secret
from services.booking.schemas.arrivals import CheckInRequest, WalkInRequest, WallCodeSchema
from services.booking.schemas.visits import PlaceSchema
from services.booking.use_cases import acts, arrivals, pausing
from services.booking.use_cases.booking_rules import Device
from shared import clock
from shared.auth import FRONT, SIGNED_IN, STAFF, current_person
from shared.codes import rotating_code
from shared.errors import Forbidden
from shared.http import Blueprint, once, reading, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("arrivals", __name__, description="Arriving at a session")
ACCESS = {
    "arrivals.check_in": SIGNED_IN,
    "arrivals.walk_in": SIGNED_IN,
    "arrivals.wall_code": STAFF | {FRONT},
}
PLACE = PlaceSchema()


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


@BLUEPRINT.get("/sessions/<uuid:id>/wall-code")
@BLUEPRINT.response(200, WallCodeSchema)
def wall_code(id: UUID) -> Any:
    """Return the code that the wall shows now; it and the two before it are taken."""
    with reading() as session:
        known(session, str(id))
    at = clock.now()
    ends = at - timedelta(seconds=at.timestamp() % WINDOW) + timedelta(seconds=WINDOW)
    return {"code": rotating_code(secret(), str(id), at, WINDOW), "expires_at": ends}


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
        mine = mine or visits.paused_of(session, row.offering_id, person.id)
        found = mine or arrivals.booked_by(session, row, person.id)
    else:
        found = arrivals.find_booked(session, row, secret(), given)
    if isinstance(found, Visit):
        return pausing.back_in_line(session, found.id, person.id, session_id)
    fresh = found.state in EXPECTED
    visit = arrivals.check_in(session, row, found, person.id, given["occurred_at"])
    if not fresh:
        return pausing.back_in_line(session, visit.id, person.id, session_id)
    if not given["wall_code"]:
        acts.keep_arrival(session, visit, person.id)
    return visit


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
    here = who.person_id and visits.live_of(session, row.id, who.person_id)
    visit = arrivals.walk_in(session, row, who)
    if by_desk and not here:
        acts.keep_arrival(session, visit, person.id)
    return visit


def _shown(session: Session, visit: Visit, *, with_key: bool = False) -> dict[str, Any]:
    booking = session.get(Appointment, visit.appointment_id) if visit.appointment_id else None
    return places.told(places.place(session, booking, visit, secret(), with_key=with_key))
