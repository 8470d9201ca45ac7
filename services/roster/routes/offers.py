"""Offers over HTTP: what I am asked, and (for staff) asking one person, or one after the other."""

from functools import partial
from typing import Any

from flask import Response

from services.roster.errors import NoSuchSession, NoSuchShift
from services.roster.models import SessionCopy, Shift
from services.roster.queries import offers as queries
from services.roster.queries.candidates import candidates
from services.roster.queries.shifts import session_copy
from services.roster.schemas.assignments import AssignmentSchema, NothingSchema
from services.roster.schemas.offers import (
    AskingSchema,
    CandidatePage,
    MadeOfferSchema,
    NewOfferSchema,
    OfferPage,
    OfferSchema,
    RoundSchema,
)
from services.roster.use_cases import answering, rounds
from services.roster.use_cases import offers as use_cases
from shared.auth import current_person
from shared.clock import now
from shared.http import Blueprint, once, reading

blueprint = Blueprint("offers", __name__, description="邀请 · asking volunteers to take a shift")


@blueprint.route("/offers/mine")
@blueprint.response(200, OfferPage)
def my_offers() -> dict[str, Any]:
    """List what the asker is offered and may still accept, the nearest deadline first."""
    with reading() as session:
        found = queries.offers_to(session, current_person().id, now())
        return {"items": found, "next_cursor": None}


@blueprint.route("/offers/<offer_id>")
@blueprint.response(200, OfferSchema)
@blueprint.alt_response(404, description="no such offer, or somebody else's")
def get_offer(offer_id: str) -> Any:
    """Show one offer to whom it was made, also when it is over."""
    with reading() as session:
        return use_cases.visible_offer(session, offer_id, current_person().id)


@blueprint.route("/offers/<offer_id>/accept", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(201, AssignmentSchema)
@blueprint.alt_response(404, description="no such offer, or somebody else's")
@blueprint.alt_response(409, description="too late, over, or a rule stands in the way")
def accept_offer(_: dict[str, Any], offer_id: str) -> Response:
    """Take the shift that is offered."""
    person_id = current_person().id
    work = partial(answering.accept_offer, offer_id=offer_id, person_id=person_id)
    return once(work, AssignmentSchema())


@blueprint.route("/offers/<offer_id>/decline", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, OfferSchema)
@blueprint.alt_response(404, description="no such offer, or somebody else's")
@blueprint.alt_response(409, description="over already")
def decline_offer(_: dict[str, Any], offer_id: str) -> Response:
    """Say no; the next one is asked."""
    person_id = current_person().id
    work = partial(answering.decline_offer, offer_id=offer_id, person_id=person_id)
    return once(work, OfferSchema(), 200)


@blueprint.route("/offers/<offer_id>/withdraw", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, MadeOfferSchema)
@blueprint.alt_response(409, description="over already")
def withdraw_offer(_: dict[str, Any], offer_id: str) -> Response:
    """Take an offer back."""
    actor = current_person().id
    work = partial(use_cases.withdraw_offer, offer_id=offer_id, actor=actor)
    return once(work, MadeOfferSchema(), 200)


@blueprint.route("/shifts/<shift_id>/offers", methods=["POST"])
@blueprint.arguments(NewOfferSchema)
@blueprint.response(201, MadeOfferSchema)
@blueprint.alt_response(409, description="no place, no time, or a rule stands in the way")
def offer_shift(body: dict[str, Any], shift_id: str) -> Response:
    """Keep a place for one volunteer and ask them."""
    actor, person_id = current_person().id, str(body["person_id"])
    work = partial(use_cases.offer_shift, shift_id=shift_id, person_id=person_id, actor=actor)
    return once(work, MadeOfferSchema())


@blueprint.route("/shifts/<shift_id>/candidates")
@blueprint.response(200, CandidatePage)
@blueprint.alt_response(404, description="no such shift")
def list_candidates(shift_id: str) -> dict[str, Any]:
    """List who could take the shift, in the order in which they would be asked."""
    with reading() as session:
        shift = session.get(Shift, shift_id)
        if shift is None:
            raise NoSuchShift
        zone = session.get_one(SessionCopy, shift.session_id).zone
        found = candidates(session, shift, zone, now())
    return {"items": found, "next_cursor": None}


@blueprint.route("/shifts/<shift_id>/round", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, RoundSchema)
@blueprint.alt_response(409, description="nobody is missing, or it starts too soon")
def start_round(_: dict[str, Any], shift_id: str) -> Response:
    """Ask one after the other until the shift has its people, then everybody who could."""
    work = partial(rounds.start_round, shift_id=shift_id, actor=current_person().id)
    return once(work, RoundSchema(), 200)


@blueprint.route("/shifts/<shift_id>/round/stop", methods=["POST"])
@blueprint.arguments(NothingSchema)
@blueprint.response(200, RoundSchema)
@blueprint.alt_response(404, description="nobody was being asked")
def stop_round(_: dict[str, Any], shift_id: str) -> Response:
    """Ask nobody more; who was asked may still answer."""
    work = partial(rounds.stop_round, shift_id=shift_id, actor=current_person().id)
    return once(work, RoundSchema(), 200)


@blueprint.route("/sessions/<session_id>/offers")
@blueprint.response(200, AskingSchema)
@blueprint.alt_response(404, description="no such session")
def session_offers(session_id: str) -> dict[str, Any]:
    """Show who is, and was, asked for the shifts of a session, and why them."""
    with reading() as session:
        if session_copy(session, session_id) is None:
            raise NoSuchSession
        running = queries.rounds_of_session(session, session_id)
        found = queries.offers_of_session(session, session_id)
        return {"offers": found, "rounds": list(running.values())}
