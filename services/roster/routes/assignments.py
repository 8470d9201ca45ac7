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
    """List the asker's assignments: the live ones ahead, or the rest."""
    upcoming = query.pop("when") == "upcoming"
    person_id = current_person().id
    with reading() as session:
        return queries.assignments_of(session, person_id, now(), upcoming=upcoming, **query)


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
    return _attend(attendance.check_in, body, assignment_id)


@blueprint.route("/assignments/<assignment_id>/check-out", methods=["POST"])
@blueprint.arguments(AttendanceSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
@blueprint.alt_response(409, description="not checked in, or checked out already")
def check_out(body: dict[str, Any], assignment_id: str) -> Response:
    """Note that a volunteer leaves; the hours follow."""
    return _attend(attendance.check_out, body, assignment_id)


@blueprint.route("/assignments/<assignment_id>/absent", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment")
@blueprint.alt_response(409, description="not started, or no longer expected")
def mark_absent(_: dict[str, Any], assignment_id: str) -> Response:
    """Note that somebody did not come; a check-in afterwards puts it right."""
    actor = current_person().id
    work = partial(attendance.mark_absent, assignment_id=assignment_id, actor=actor)
    return once(work, AssignmentSchema(), 200)


def _attend(use_case: Any, body: dict[str, Any], assignment_id: str) -> Response:
    """Staff note a time of their device; volunteers prove with the wall's code that they are here."""
    person = current_person()
    act = partial(use_case, assignment_id=assignment_id, actor=person.id, staff=person.is_staff)

    def work(session: Session) -> Assignment:
        if person.is_staff:
            return act(session, occurred_at=body["occurred_at"])
        _check_wall_code(session, person, assignment_id, body["wall_code"])
        return act(session, occurred_at=None)

    return once(work, AssignmentSchema(), 200)


def _check_wall_code(
    session: Session, person: Person, assignment_id: str, code: str | None
) -> None:
    row = use_cases.visible_assignment(session, assignment_id, person_id=person.id)
    key = wall_key(settings_of_app().token_keys)
    if code is None or not verify_code(key, row.session_id, code, now()):
        raise WrongWallCode


def _only_mine() -> str | None:
    person = current_person()
    return None if person.is_staff else person.id
