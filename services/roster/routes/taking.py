"""Taking shifts over HTTP: what is for me, and (for staff) who dropped late."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.queries import assignments
from services.roster.queries import for_me as queries
from services.roster.queries.shifts import asker
from services.roster.schemas.assignments import AssignmentPage, NothingSchema
from services.roster.schemas.taking import (
    ForMeQuery,
    ForMeSchema,
    LateQuery,
    StandbySchema,
)
from services.roster.use_cases import standby
from shared.auth import VOLUNTEER, current_person
from shared.clock import now
from shared.http import Blueprint, once, reading

blueprint = Blueprint("taking", __name__, description="接班次 · what is for me, who dropped late")


@blueprint.route("/shifts/for-me")
@blueprint.arguments(ForMeQuery, location="query")
@blueprint.response(200, ForMeSchema)
def for_me(query: dict[str, Any]) -> Any:
    """List the shifts ahead that suit the asker, lie at other times, or cannot be taken (and why)."""
    person, at = current_person(), now()
    how = {name: query.pop(name) for name in ("cursor", "limit")}
    with reading() as session:
        who = asker(session, person.id, at, has_role=person.has(VOLUNTEER))
        return queries.for_me(session, who, queries.Wanted(**query), at, **how)


@blueprint.route("/shifts/<shift_id>/standby", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, StandbySchema)
@blueprint.alt_response(404, description="no such shift")
@blueprint.alt_response(409, description="there is a place, or a rule stands in the way")
def join_standby(_: dict[str, Any], shift_id: str) -> Response:
    """Stand by for a full shift: a place that becomes free is offered to the first."""
    person_id = current_person().id
    work = partial(standby.join_standby, shift_id=shift_id, person_id=person_id)
    return once(work, StandbySchema(), 200)


@blueprint.route("/shifts/<shift_id>/standby/leave", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, StandbySchema)
@blueprint.alt_response(404, description="no such shift")
def leave_standby(_: dict[str, Any], shift_id: str) -> Response:
    """Stand by no longer."""
    person_id = current_person().id
    work = partial(standby.leave_standby, shift_id=shift_id, person_id=person_id)
    return once(work, StandbySchema(), 200)


@blueprint.route("/assignments/dropped-late")
@blueprint.arguments(LateQuery, location="query")
@blueprint.response(200, AssignmentPage)
def dropped_late(query: dict[str, Any]) -> dict[str, Any]:
    """List the shifts that volunteers gave back within 48 hours of the start, the newest first."""
    with reading() as session:
        return {"items": assignments.dropped_late(session, now(), **query), "next_cursor": None}
