"""Appointments over HTTP: book, move, cancel, read."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import appointments as queries
from services.booking.schemas.appointments import (
    AppointmentDetailSchema,
    AppointmentPage,
    AppointmentSchema,
    BookRequest,
    MoveRequest,
    SessionAppointmentsQuery,
)
from services.booking.use_cases import appointments as use_cases
from services.booking.use_cases.booking_rules import Device, Wish
from services.booking.use_cases.hot import book_in_one_statement, refuse_sold_out
from shared import idempotency
from shared.auth import SIGNED_IN, STAFF, Person, current_person
from shared.errors import Forbidden
from shared.http import Blueprint, database, etag, once, reading, reply, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("appointments", __name__, description="Places in slots")
ACCESS = {
    "appointments.book": SIGNED_IN,
    "appointments.list_of_session": STAFF,
    "appointments.read": SIGNED_IN,
    "appointments.move": SIGNED_IN,
    "appointments.cancel": SIGNED_IN,
}
SHAPE = AppointmentSchema()


@BLUEPRINT.post("/appointments")
@BLUEPRINT.arguments(BookRequest)
@BLUEPRINT.response(201, AppointmentSchema)
def book(given: dict[str, Any]) -> Response:
    """Book a slot for oneself, or, as staff, for somebody."""
    wish = _wish(given, current_person())
    key = idempotency.requested_key()
    claim = key.row() if key else None
    if database().dialect == "postgresql" and not wish.has_reworks:
        answer = book_in_one_statement(database(), wish, claim)
        if answer is not None:
            return reply(answer, 201)
    with reading() as session:
        refuse_sold_out(session, wish, claim)
    return once(lambda s: queries.plain(s, use_cases.book_slot(s, wish)), SHAPE)


@BLUEPRINT.get("/appointments")
@BLUEPRINT.arguments(SessionAppointmentsQuery, location="query")
@BLUEPRINT.response(200, AppointmentPage)
def list_of_session(given: dict[str, Any]) -> Any:
    """List a session's appointments by time."""
    with reading() as session:
        return queries.of_session(session, **given)


@BLUEPRINT.get("/appointments/<uuid:id>")
@BLUEPRINT.response(200, AppointmentDetailSchema)
def read(id: UUID) -> Any:
    """Read an appointment (its owner and staff)."""
    person = current_person()
    with reading() as session:
        row = use_cases.visible(session, str(id), person.id, staff=person.is_staff)
        return queries.shown(session, [row])[0], 200, etag(row.version)


@BLUEPRINT.post("/appointments/<uuid:id>/move")
@BLUEPRINT.arguments(MoveRequest)
@BLUEPRINT.response(200, AppointmentSchema)
def move(given: dict[str, Any], id: UUID) -> Response:
    """Move to another slot: both places change hands, or neither."""
    person = _patient()
    return once(
        lambda s: queries.plain(
            s,
            use_cases.move_appointment(
                s,
                str(id),
                given["slot_id"],
                person.id,
                given["waiver_version"],
                staff=person.is_staff,
            ),
        ),
        SHAPE,
        status=200,
    )


@BLUEPRINT.post("/appointments/<uuid:id>/cancel")
@BLUEPRINT.response(200, AppointmentSchema)
def cancel(id: UUID) -> Response:
    """Cancel; on one's own until the cut-off before the start."""
    person = _patient()
    return once(
        lambda s: queries.plain(
            s, use_cases.cancel_appointment(s, str(id), person.id, staff=person.is_staff)
        ),
        SHAPE,
        status=200,
    )


def _wish(given: dict[str, Any], person: Person) -> Wish:
    for_whom = given["person_id"] or person.id
    if for_whom != person.id and not person.is_staff:
        raise Forbidden
    devices = tuple(Device(**device) for device in given["devices"])
    wish = Wish(given["slot_id"], for_whom, person.id, devices, person.is_staff)
    return replace(wish, waiver_version=given["waiver_version"])


def _patient() -> Person:
    """Return who is asking, unless they change bookings all the time (staff do)."""
    person = current_person()
    if not person.is_staff:
        with transaction() as session:
            spend(session, "booking.change", person.id, capacity=20, per_seconds=600)
    return person
