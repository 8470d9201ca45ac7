"""Assignments over HTTP: mine, dropping, coming and leaving."""

from functools import partial
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from services.roster.errors import WrongWallCode
from services.roster.models import Assignment
from services.roster.queries import assignments as queries
from services.roster.schemas.assignments import (
    AssignmentPage,
    AssignmentQuery,
    AssignmentSchema,
    AttendanceSchema,
    NothingSchema,
)
from services.roster.schemas.objections import SetAbsenceSchema
from services.roster.use_cases import assignments as use_cases
from services.roster.use_cases import attendance
from shared.auth import Person, current_person, wall_key
from shared.clock import now
from shared.codes import verify_code
from shared.http import Blueprint, once, reading, settings_of_app

blueprint = Blueprint("assignments", __name__, description="排班 · volunteers on shifts")


@blueprint.route("/assignments/mine")
@blueprint.arguments(AssignmentQuery, location="query")
@blueprint.response(200, AssignmentPage)
def my_assignments(query: dict[str, Any]) -> Any:
    """List the asker's assignments: the live ones ahead, the rest, or all of a stretch of time."""
    with reading() as session:
        return queries.assignments_of(session, current_person().id, now(), **query)


@blueprint.route("/volunteers/<person_id>/assignments")
@blueprint.arguments(AssignmentQuery, location="query")
@blueprint.response(200, AssignmentPage)
def assignments_of(query: dict[str, Any], person_id: str) -> Any:
    """List a volunteer's assignments: the live ones ahead, or the rest."""
    with reading() as session:
        return queries.assignments_of(session, person_id, now(), **query)


@blueprint.route("/assignments/<assignment_id>")
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
def get_assignment(assignment_id: str) -> Any:
    """Show one assignment to its volunteer or to staff."""
    with reading() as session:
        return use_cases.visible_assignment(session, assignment_id, person_id=_only_mine())


@blueprint.route("/assignments/<assignment_id>/drop", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
@blueprint.alt_response(409, description="too late, or no longer droppable")
def drop_assignment(_: dict[str, Any], assignment_id: str) -> Response:
    """Give a shift back."""
    person = current_person()
    work = partial(
        use_cases.drop_assignment,
        assignment_id=assignment_id,
        actor=person.id,
        staff=person.is_staff,
    )
    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/<assignment_id>/check-in", methods=["POST"])
@blueprint.arguments(AttendanceSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
@blueprint.alt_response(409, description="not expected, or checked in already")
def check_in(body: dict[str, Any], assignment_id: str) -> Response:
    """Note that a volunteer has come: with the code on the wall, or by staff."""
    person = current_person()

    def work(session: Session) -> Assignment:
        _prove_presence(session, person, assignment_id, body, needed=True)
        return attendance.check_in(session, assignment_id, **_attendance(person, body))

    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/<assignment_id>/check-out", methods=["POST"])
@blueprint.arguments(AttendanceSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
@blueprint.alt_response(409, description="not checked in, or checked out already")
def check_out(body: dict[str, Any], assignment_id: str) -> Response:
    """Note that a volunteer leaves; without the code on the wall, by the shift's end at the latest."""
    person = current_person()

    def work(session: Session) -> Assignment:
        on_site = _prove_presence(session, person, assignment_id, body, needed=False)
        how = _attendance(person, body)
        return attendance.check_out(session, assignment_id, on_site=on_site, **how)

    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/<assignment_id>/absent", methods=["POST"])
@blueprint.arguments(SetAbsenceSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment")
@blueprint.alt_response(409, description="not started, no longer expected, or the month is closed")
def mark_absent(body: dict[str, Any], assignment_id: str) -> Response:
    """Note that somebody did not come, with or without a reason; a check-in puts it right."""
    actor = current_person().id
    work = partial(attendance.mark_absent, assignment_id=assignment_id, actor=actor, **body)
    return once(work, AssignmentSchema(), 200)


def _attendance(person: Person, body: dict[str, Any]) -> dict[str, Any]:
    """Staff note a time of their device; volunteers come and leave now."""
    at = body["occurred_at"] if person.is_staff else None
    return {"actor": person.id, "staff": person.is_staff, "occurred_at": at}


def _prove_presence(
    session: Session, person: Person, assignment_id: str, body: dict[str, Any], *, needed: bool
) -> bool:
    """Return whether presence is proven: by staff, or by the code that the wall shows now."""
    if person.is_staff:
        return True
    row = use_cases.visible_assignment(session, assignment_id, person_id=person.id)
    code = body["wall_code"]
    if not code and not needed:
        return False
    key = wall_key(settings_of_app().token_keys)
    if not code or not verify_code(key, row.session_id, code, now()):
        raise WrongWallCode
    return True


def _only_mine() -> str | None:
    person = current_person()
    return None if person.is_staff else person.id
