"""Taking shifts over HTTP: what is for me, standing by, passing on, swapping; (for staff) who dropped late."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.queries import assignments
from services.roster.queries import for_me as queries
from services.roster.queries.shifts import asker
from services.roster.queries.swaps import swaps_for
from services.roster.schemas.assignments import AssignmentPage, AssignmentSchema, NothingSchema
from services.roster.schemas.taking import (
    ForMeQuery,
    ForMeSchema,
    LateQuery,
    StandbySchema,
    SwapPage,
    WantedSwapSchema,
)
from services.roster.use_cases import stand_ins, standby, swaps
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


@blueprint.route("/assignments/<assignment_id>/stand-in", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
@blueprint.alt_response(409, description="too late, asked already, or nobody could")
def ask_stand_in(_: dict[str, Any], assignment_id: str) -> Response:
    """Ask everybody who could take the shift instead."""
    work = partial(stand_ins.ask_stand_in, assignment_id=assignment_id, actor=current_person().id)
    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/<assignment_id>/stand-in/end", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
def end_stand_in(_: dict[str, Any], assignment_id: str) -> Response:
    """Look no longer: the asker comes after all."""
    work = partial(stand_ins.end_stand_in, assignment_id=assignment_id, actor=current_person().id)
    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/<assignment_id>/swaps")
@blueprint.response(200, SwapPage)
@blueprint.alt_response(404, description="no such assignment, or somebody else's")
def list_swaps(assignment_id: str) -> dict[str, Any]:
    """List the shifts that could be had for the asker's, the nearest first."""
    with reading() as session:
        mine = stand_ins.own_assignment(session, assignment_id, current_person().id)
        return {"items": swaps_for(session, mine, now()), "next_cursor": None}


@blueprint.route("/assignments/<assignment_id>/swap", methods=["POST"])
@blueprint.arguments(WantedSwapSchema)
@blueprint.response(200, AssignmentSchema)
@blueprint.alt_response(404, description="no such assignment, or somebody else's; no such shift")
@blueprint.alt_response(409, description="too late, asked already, nobody could, or a rule")
def ask_swap(body: dict[str, Any], assignment_id: str) -> Response:
    """Ask everybody on another shift who could to change places; the first to accept does."""
    actor, shift_id = current_person().id, str(body["shift_id"])
    work = partial(swaps.ask_swap, assignment_id=assignment_id, shift_id=shift_id, actor=actor)
    return once(work, AssignmentSchema(), 200)


@blueprint.route("/assignments/dropped-late")
@blueprint.arguments(LateQuery, location="query")
@blueprint.response(200, AssignmentPage)
def dropped_late(query: dict[str, Any]) -> dict[str, Any]:
    """List the shifts that volunteers gave back within 48 hours of the start, the newest first."""
    with reading() as session:
        return {"items": assignments.dropped_late(session, now(), **query), "next_cursor": None}
