"""Objections and absences over HTTP."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchPeriod
from services.roster.models.period import MONTH, stretch
from services.roster.queries import absences as queries
from services.roster.schemas.assignments import AssignmentSchema
from services.roster.schemas.decisions import DecisionSchema
from services.roster.schemas.objections import (
    AbsencePage,
    AbsenceQuery,
    AbsenceSchema,
    ListedObjectionPage,
    NewObjectionSchema,
    ObjectionQuery,
    ObjectionSchema,
    SetAbsenceSchema,
)
from services.roster.use_cases import objections as use_cases
from services.roster.use_cases.absences import set_absence
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.corrections import Right
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading, transaction
from shared.schemas import PageQuery

blueprint = Blueprint("objections", __name__, description="异议与缺勤 · objections, absences")


@blueprint.route("/assignments/<assignment_id>/objections", methods=["POST"])
@blueprint.arguments(NewObjectionSchema)
@blueprint.response(201, ObjectionSchema)
@blueprint.alt_response(404, description="nothing recorded, or somebody else's")
@blueprint.alt_response(409, description="too late, or objected to already")
def object_to(body: dict[str, Any], assignment_id: str) -> Response:
    """Object to what was recorded of oneself."""
    work = partial(
        use_cases.object_to, assignment_id=assignment_id, person_id=current_person().id, **body
    )
    return once(work, ObjectionSchema())


@blueprint.route("/objections")
@blueprint.arguments(ObjectionQuery, location="query")
@blueprint.response(200, ListedObjectionPage)
def list_objections(query: dict[str, Any]) -> Any:
    """List objections: those that wait, or those decided."""
    with reading() as session:
        return queries.objections(session, **query)


@blueprint.route("/objections/<objection_id>/decision", methods=["POST"])
@blueprint.arguments(DecisionSchema)
@blueprint.response(200, ObjectionSchema)
@blueprint.alt_response(409, description="decided already, or one's own")
def decide(body: dict[str, Any], objection_id: str) -> Response:
    """Decide about an objection; upheld, it says which times are right."""
    right = body.pop("right")
    if right is not None:
        right = Right(**{**right, "reason": right["reason"] or body["answer"][:300]})
    work = partial(
        use_cases.decide,
        objection_id=objection_id,
        right=right,
        actor=current_person().id,
        **body,
    )
    return once(work, ObjectionSchema(), 200)


@blueprint.route("/absences/mine")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, AbsencePage)
def my_absences(query: dict[str, Any]) -> Any:
    """List the asker's absences."""
    with reading() as session:
        return queries.absences_of(session, current_person().id, **query)


@blueprint.route("/absences")
@blueprint.arguments(AbsenceQuery, location="query")
@blueprint.response(200, AbsencePage)
def list_absences(query: dict[str, Any]) -> Any:
    """List who of a month was absent, is not marked yet, or has not checked out."""
    period = stretch(query.pop("month"))
    if period is None or period.kind != MONTH:
        raise NoSuchPeriod
    kind = query.pop("kind")
    with reading() as session:
        return queries.attendance_in(session, kind, period, now(), **query)


@blueprint.route("/assignments/<assignment_id>/absence")
@blueprint.response(200, AbsenceSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
def get_absence(assignment_id: str) -> Any:
    """Show how somebody's attendance of a shift stands, to them or to staff."""
    person = current_person()
    only = None if person.is_staff else person.id
    with reading() as session:
        return queries.views(session, [visible_assignment(session, assignment_id, person_id=only)])[
            0
        ]


@blueprint.route("/assignments/<assignment_id>/absence", methods=["PUT"])
@blueprint.arguments(SetAbsenceSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(409, description="not absent, or the month is closed")
def put_absence(body: dict[str, Any], assignment_id: str) -> Any:
    """Say whether an absence had a reason."""
    with transaction() as session:
        return set_absence(session, assignment_id, actor=current_person().id, **body)
