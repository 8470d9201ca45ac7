"""Enrolments over HTTP: enrol, leave, mark attendance, list."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import enrolments as queries
from services.booking.schemas.enrolments import (
    AttendanceRequest,
    EnrolmentPage,
    EnrolmentSchema,
    EnrolmentsQuery,
    EnrolRequest,
)
from services.booking.use_cases import enrolments as use_cases
from shared.auth import SIGNED_IN, STAFF, current_person
from shared.errors import Forbidden
from shared.http import Blueprint, etag, once, reading

BLUEPRINT = Blueprint("enrolments", __name__, description="Seats in trainings and services")
ACCESS = {
    "enrolments.enrol": SIGNED_IN,
    "enrolments.read": SIGNED_IN,
    "enrolments.leave": SIGNED_IN,
    "enrolments.attendance": STAFF,
    "enrolments.list_of_session": STAFF,
}
SHAPE = EnrolmentSchema()


@BLUEPRINT.post("/enrolments")
@BLUEPRINT.arguments(EnrolRequest)
@BLUEPRINT.response(201, EnrolmentSchema)
def enrol(given: dict[str, Any]) -> Response:
    """Take a seat, or a place on the waitlist when none is free."""
    person = current_person()
    for_whom = given["person_id"] or person.id
    if for_whom != person.id and not person.is_staff:
        raise Forbidden

    def work(session: Any) -> Any:
        row = use_cases.enrol(
            session, given["session_id"], for_whom, person.id, staff=person.is_staff
        )
        return queries.shown(session, [row])[0]

    return once(work, SHAPE)


@BLUEPRINT.get("/enrolments/<uuid:id>")
@BLUEPRINT.response(200, EnrolmentSchema)
def read(id: UUID) -> Any:
    """Read an enrolment (its owner and staff)."""
    person = current_person()
    with reading() as session:
        row = use_cases.visible(session, str(id), person.id, staff=person.is_staff)
        return queries.shown(session, [row])[0], 200, etag(row.version)


@BLUEPRINT.post("/enrolments/<uuid:id>/leave")
@BLUEPRINT.response(200, EnrolmentSchema)
def leave(id: UUID) -> Response:
    """Give the seat or the waitlist place back."""
    person = current_person()

    def work(session: Any) -> Any:
        row = use_cases.leave(session, str(id), person.id, staff=person.is_staff)
        return queries.shown(session, [row])[0]

    return once(work, SHAPE, status=200)


@BLUEPRINT.post("/enrolments/<uuid:id>/attendance")
@BLUEPRINT.arguments(AttendanceRequest)
@BLUEPRINT.response(200, EnrolmentSchema)
def attendance(given: dict[str, Any], id: UUID) -> Response:
    """Mark whether somebody with a seat came."""
    person = current_person()

    def work(session: Any) -> Any:
        row = use_cases.mark_attendance(session, str(id), given["state"], person.id)
        return queries.shown(session, [row])[0]

    return once(work, SHAPE, status=200)


@BLUEPRINT.get("/sessions/<uuid:id>/enrolments")
@BLUEPRINT.arguments(EnrolmentsQuery, location="query")
@BLUEPRINT.response(200, EnrolmentPage)
def list_of_session(given: dict[str, Any], id: UUID) -> Any:
    """List a session's enrolments in the order they came."""
    with reading() as session:
        return queries.of_session(session, str(id), **given)
