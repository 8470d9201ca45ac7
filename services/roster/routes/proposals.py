"""Proposals over HTTP: ask, follow, look, stop, solve again, discard."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.queries import plans
from services.roster.queries import proposals as queries
from services.roster.schemas.assignments import NothingSchema
from services.roster.schemas.proposals import (
    AgainSchema,
    PlanQuery,
    PlanSchema,
    ProposalPage,
    ProposalQuery,
    ProposalSchema,
    ProposeSchema,
)
from services.roster.use_cases import proposals as use_cases
from shared.auth import current_person
from shared.http import Blueprint, once, reading

blueprint = Blueprint(
    "proposals", __name__, description="排班方案 · proposals for a week or a term"
)


@blueprint.route("/proposals")
@blueprint.arguments(ProposalQuery, location="query")
@blueprint.response(200, ProposalPage)
def list_proposals(query: dict[str, Any]) -> Any:
    """List the proposals, the newest first."""
    with reading() as session:
        return queries.newest(session, **query)


@blueprint.route("/proposals", methods=["POST"])
@blueprint.arguments(ProposeSchema)
@blueprint.response(201, ProposalSchema)
@blueprint.alt_response(422, description="no shift ahead in these days, or the days make no sense")
def propose(body: dict[str, Any]) -> Response:
    """Ask for a proposal; a worker looks for it."""
    return once(partial(use_cases.propose, actor=current_person().id, **body), ProposalSchema())


@blueprint.route("/proposals/<proposal_id>")
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal")
def get_proposal(proposal_id: str) -> Any:
    """Show a proposal, how far its search is, and how far from the best possible at most."""
    with reading() as session:
        return use_cases.visible_proposal(session, proposal_id)


@blueprint.route("/proposals/<proposal_id>/plan")
@blueprint.arguments(PlanQuery, location="query")
@blueprint.response(200, PlanSchema)
@blueprint.alt_response(404, description="no such proposal")
def get_plan(query: dict[str, Any], proposal_id: str) -> Any:
    """Show the plan of a proposal."""
    with reading() as session:
        row = use_cases.visible_proposal(session, proposal_id)
        return plans.plan(session, row, **query)


@blueprint.route("/proposals/<proposal_id>/stop", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal")
@blueprint.alt_response(409, description="no search is running")
def stop(_: dict[str, Any], proposal_id: str) -> Response:
    """Let the search end with the best plan so far."""
    return _do(use_cases.stop_search, proposal_id)


@blueprint.route("/proposals/<proposal_id>/again", methods=["POST"])
@blueprint.arguments(AgainSchema)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal")
@blueprint.alt_response(409, description="a search is running, or the proposal has ended")
def again(body: dict[str, Any], proposal_id: str) -> Response:
    """Solve it again: what is locked stays."""
    return _do(use_cases.solve_again, proposal_id, **body)


@blueprint.route("/proposals/<proposal_id>/discard", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, ProposalSchema)
@blueprint.alt_response(404, description="no such proposal")
@blueprint.alt_response(409, description="a search is running, or the proposal has ended")
def discard(_: dict[str, Any], proposal_id: str) -> Response:
    """Put the proposal away."""
    return _do(use_cases.discard, proposal_id)


def _do(act: Any, proposal_id: str, **how: Any) -> Response:
    work = partial(act, proposal_id=proposal_id, actor=current_person().id, **how)
    return once(work, ProposalSchema(), 200)
