"""Shifts over HTTP: for me, of a session, and taking one."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchSession, PersonNeeded
from services.roster.queries import assignments as assignment_queries
from services.roster.queries import shifts as queries
from services.roster.schemas.assignments import AssignmentSchema
from services.roster.schemas.shifts import (
    AcceptSchema,
    AudienceSchema,
    ShiftPage,
    ShiftQuery,
    StaffedShiftPage,
)
from services.roster.use_cases import answering as use_cases
from shared.auth import VOLUNTEER, current_person
from shared.clock import now
from shared.errors import Forbidden
from shared.http import Blueprint, once, reading

blueprint = Blueprint("shifts", __name__, description="班次 · what can be taken, and why not")


@blueprint.route("/shifts")
@blueprint.arguments(ShiftQuery, location="query")
@blueprint.response(200, ShiftPage)
def list_shifts(query: dict[str, Any]) -> Any:
    """List the shifts that are not over; each says whether the asker can take it, or why not."""
    person, at = current_person(), now()
    with reading() as session:
        who = queries.asker(session, person.id, at, has_role=person.has(VOLUNTEER))
        return queries.shifts_ahead(session, who, at, **query)


@blueprint.route("/sessions/<session_id>/shifts")
@blueprint.response(200, StaffedShiftPage)
@blueprint.alt_response(404, description="no such session")
def session_shifts(session_id: str) -> dict[str, Any]:
    """List every shift of a session with its people."""
    with reading() as session:
        if queries.session_copy(session, session_id) is None:
            raise NoSuchSession
        return {"items": queries.shifts_of_session(session, session_id), "next_cursor": None}


@blueprint.route("/sessions/<session_id>/audience")
@blueprint.response(200, AudienceSchema)
def session_audience(session_id: str) -> dict[str, int]:
    """Count the volunteers who would be told of a change; nobody where the session is unknown."""
    with reading() as session:
        return {"volunteers": assignment_queries.audience(session, session_id)}


@blueprint.route("/shifts/<shift_id>/accept", methods=["POST"])
@blueprint.arguments(AcceptSchema)
@blueprint.response(201, AssignmentSchema)
@blueprint.alt_response(404, description="no such shift or volunteer")
@blueprint.alt_response(409, description="a rule stands in the way; the code says which")
def accept_shift(body: dict[str, Any], shift_id: str) -> Response:
    """Take a shift, or, as staff, put a volunteer on it."""
    person = current_person()
    person_id = str(body["person_id"] or person.id)
    if person_id == person.id and person.has(VOLUNTEER):
        work = partial(use_cases.take_shift, shift_id=shift_id, person_id=person_id)
    elif not person.is_staff:
        raise Forbidden
    elif body["person_id"] is None:
        raise PersonNeeded
    else:
        work = partial(
            use_cases.assign_volunteer, shift_id=shift_id, person_id=person_id, actor=person.id
        )
    return once(work, AssignmentSchema())
