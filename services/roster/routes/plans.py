"""A plan over HTTP: who could come, putting on, taking off, locking, letting back in, publishing a session."""

from functools import partial
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from services.roster.schemas.assignments import NothingSchema
from services.roster.schemas.proposals import (
    CellEdit,
    ChoicesQuery,
    ChoicesSchema,
    LockEdit,
    ProposalSchema,
    PublishedSchema,
    PutEdit,
)
from services.roster.use_cases import plan_edits as use_cases
from services.roster.use_cases.publishing import publish_session
from shared.auth import current_person
from shared.http import Blueprint, once, reading

blueprint = Blueprint(
    "plans", __name__, description="方案的修改和发布 · changing and publishing a plan"
)


@blueprint.route("/proposals/<proposal_id>/shifts/<shift_id>/choices")
@blueprint.arguments(ChoicesQuery, location="query")
@blueprint.response(200, ChoicesSchema)
@blueprint.alt_response(404, description="no such proposal, or no such shift in it")
def choices(query: dict[str, Any], proposal_id: str, shift_id: str) -> Any:
    """List who could be put on a shift, best first, and what stands in the way of the others."""
    with reading() as session:
        found = use_cases.choices_for(session, proposal_id, shift_id, query["instead_of"])
        return {"items": found}


@blueprint.route("/proposals/<proposal_id>/cells/put", methods=["POST"])
@blueprint.arguments(PutEdit)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal, shift, cell or volunteer")
@blueprint.alt_response(409, description="a rule stands in the way, or a warning needs a word")
def put(body: dict[str, Any], proposal_id: str) -> Response:
    """Put somebody on a shift, in somebody's place if named."""
    return _do(use_cases.put_on_plan, proposal_id, body)


@blueprint.route("/proposals/<proposal_id>/cells/remove", methods=["POST"])
@blueprint.arguments(CellEdit)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal or cell")
@blueprint.alt_response(409, description="a search is running, or the proposal has ended")
def remove(body: dict[str, Any], proposal_id: str) -> Response:
    """Take somebody off a shift and keep them off."""
    return _do(use_cases.take_off_plan, proposal_id, body)


@blueprint.route("/proposals/<proposal_id>/cells/lock", methods=["POST"])
@blueprint.arguments(LockEdit)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal or cell")
@blueprint.alt_response(409, description="a search is running, or the proposal has ended")
def lock(body: dict[str, Any], proposal_id: str) -> Response:
    """Keep somebody on a shift however often the plan is solved again, or no longer."""
    return _do(use_cases.lock_cell, proposal_id, body)


@blueprint.route("/proposals/<proposal_id>/cells/let-in", methods=["POST"])
@blueprint.arguments(CellEdit)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal")
@blueprint.alt_response(409, description="a search is running, or the proposal has ended")
def let_in(body: dict[str, Any], proposal_id: str) -> Response:
    """Keep somebody off a shift no longer."""
    return _do(use_cases.let_back_in, proposal_id, body)


@blueprint.route("/proposals/<proposal_id>/sessions/<session_id>/publish", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, PublishedSchema)
@blueprint.alt_response(404, description="no such proposal")
@blueprint.alt_response(409, description="nothing is planned, a search is running, or it has ended")
def publish(_: dict[str, Any], proposal_id: str, session_id: str) -> Response:
    """Ask everybody who is planned in a session; whom a rule refuses stays behind with the reason."""
    actor = current_person().id

    def work(session: Session) -> dict[str, Any]:
        return {"cells": publish_session(session, proposal_id, session_id, actor=actor)}

    return once(work, PublishedSchema(), 200)


def _do(act: Any, proposal_id: str, body: dict[str, Any]) -> Response:
    work = partial(act, proposal_id=proposal_id, actor=current_person().id, **body)
    return once(work, ProposalSchema(), 200)
