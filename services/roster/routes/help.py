"""Calls for help over HTTP: what I am asked, coming or not, and (for staff) calling and ending."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchSession
from services.roster.queries import help as queries
from services.roster.queries.shifts import session_copy
from services.roster.schemas.assignments import AssignmentSchema, NothingSchema
from services.roster.schemas.help import (
    HelpAskSchema,
    HelpCallSchema,
    MyHelpSchema,
    NewHelpSchema,
    SessionHelpSchema,
    WishSchema,
)
from services.roster.use_cases import help as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading, transaction

blueprint = Blueprint("help", __name__, description="求助 · asking idle volunteers to come now")


@blueprint.route("/help/mine")
@blueprint.response(200, MyHelpSchema)
def my_help() -> dict[str, Any]:
    """Show what the asker is asked now, and whether they want to be asked."""
    person_id = current_person().id
    with reading() as session:
        found = queries.asks_of(session, person_id)
        return {"items": found, "asked": queries.wants(session, person_id)}


@blueprint.route("/help/mine", methods=["PUT"])
@blueprint.arguments(WishSchema)
@blueprint.response(200, WishSchema)
def put_wish(body: dict[str, Any]) -> dict[str, Any]:
    """Say whether to be asked when a running session is short of hands."""
    with transaction() as session:
        use_cases.wish(session, current_person().id, asked=body["asked"])
    return body


@blueprint.route("/help/<ask_id>")
@blueprint.response(200, HelpAskSchema)
@blueprint.alt_response(404, description="no such ask, or somebody else's")
def get_help(ask_id: str) -> Any:
    """Show one ask to whom it was made, also when it is over."""
    with reading() as session:
        return use_cases.visible_ask(session, ask_id, current_person().id)


@blueprint.route("/help/<ask_id>/join", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(201, AssignmentSchema)
@blueprint.alt_response(404, description="no such ask, or somebody else's")
@blueprint.alt_response(
    409, description="enough have come, it is over, or a rule stands in the way"
)
def join(_: dict[str, Any], ask_id: str) -> Response:
    """Come and help, if somebody is still wanted."""
    work = partial(use_cases.join, ask_id=ask_id, person_id=current_person().id)
    return once(work, AssignmentSchema())


@blueprint.route("/help/<ask_id>/decline", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, HelpAskSchema)
@blueprint.alt_response(404, description="no such ask, or somebody else's")
@blueprint.alt_response(409, description="answered, or over")
def decline(_: dict[str, Any], ask_id: str) -> Response:
    """Not this time."""
    work = partial(use_cases.decline, ask_id=ask_id, person_id=current_person().id)
    return once(work, HelpAskSchema(), 200)


@blueprint.route("/sessions/<session_id>/help")
@blueprint.response(200, SessionHelpSchema)
@blueprint.alt_response(404, description="no such session")
def session_help(session_id: str) -> dict[str, Any]:
    """Show the newest call of a session, and how many would be asked now."""
    with reading() as session:
        copy, at = session_copy(session, session_id), now()
        if copy is None:
            raise NoSuchSession
        call, shift = (
            queries.last_call(session, session_id),
            queries.shift_to_help(session, session_id, at),
        )
        idle = queries.idle(session, shift, copy.zone, at) if shift else []
        people = queries.asks_in(session, call.id) if call else []
        return {"call": call, "people": people, "idle": len(idle), "possible": shift is not None}


@blueprint.route("/sessions/<session_id>/help", methods=["POST"])
@blueprint.arguments(NewHelpSchema)
@blueprint.response(201, HelpCallSchema)
@blueprint.alt_response(404, description="no such session")
@blueprint.alt_response(409, description="nothing runs, nobody is idle, or a call stands already")
def call_for_help(body: dict[str, Any], session_id: str) -> Response:
    """Ask every idle volunteer who wants to be asked."""
    actor, wanted = current_person().id, body["wanted"]
    work = partial(use_cases.call_for_help, session_id=session_id, wanted=wanted, actor=actor)
    return once(work, HelpCallSchema())


@blueprint.route("/sessions/<session_id>/help/end", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, HelpCallSchema)
@blueprint.alt_response(409, description="no call stands")
def end_help(_: dict[str, Any], session_id: str) -> Response:
    """End the call; who was asked is told kindly."""
    work = partial(use_cases.end_by_hand, session_id=session_id, actor=current_person().id)
    return once(work, HelpCallSchema(), 200)
