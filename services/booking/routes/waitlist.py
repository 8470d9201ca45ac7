"""The waitlist over HTTP: wait for a full slot, take what is offered, or not this one, or leave."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.queries import waitlist as queries
from services.booking.routes.line import secret
from services.booking.schemas.waitlist import (
    ClaimedSchema,
    ClaimRequest,
    InvitationQuery,
    InvitationSchema,
    JoinRequest,
    TogetherRequest,
    WaitlistEntrySchema,
    WaitlistPage,
    WaitlistQuery,
)
from services.booking.use_cases import pairs
from services.booking.use_cases import waitlist as use_cases
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.claiming import claim as claim_place
from shared.auth import SIGNED_IN, STAFF, Person, current_person
from shared.codes import same_code
from shared.errors import Forbidden, NotFound
from shared.http import Blueprint, etag, once, reading, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("waitlist", __name__, description="Waiting for a full slot")
ACCESS = {
    "waitlist.join": SIGNED_IN,
    "waitlist.read": SIGNED_IN,
    "waitlist.claim": SIGNED_IN,
    "waitlist.decline": SIGNED_IN,
    "waitlist.leave": SIGNED_IN,
    "waitlist.invitation": SIGNED_IN,
    "waitlist.together": SIGNED_IN,
    "waitlist.part": SIGNED_IN,
    "waitlist.of_session": STAFF,
}
SHAPE, CLAIMED = WaitlistEntrySchema(), ClaimedSchema()


@BLUEPRINT.post("/sessions/<uuid:id>/waitlist")
@BLUEPRINT.arguments(JoinRequest)
@BLUEPRINT.response(201, WaitlistEntrySchema)
def join(given: dict[str, Any], id: UUID) -> Response:
    """Wait for one of the given slots (none: any); refused while one of them has room."""
    person = _patient()
    for_whom = given["person_id"] or person.id
    if for_whom != person.id and not person.is_staff:
        raise Forbidden
    ask = {"devices": given["devices"], "wishes": given["slots"], "actor_id": person.id}
    return once(
        lambda s: _one(s, use_cases.join(s, str(id), for_whom, **ask, staff=person.is_staff)),
        SHAPE,
    )


@BLUEPRINT.get("/sessions/<uuid:id>/waitlist")
@BLUEPRINT.arguments(WaitlistQuery, location="query")
@BLUEPRINT.response(200, WaitlistPage)
def of_session(given: dict[str, Any], id: UUID) -> Any:
    """List who waits, in their order."""
    with reading() as session:
        return queries.of_session(session, str(id), **given)


@BLUEPRINT.get("/waitlist/<uuid:id>")
@BLUEPRINT.response(200, WaitlistEntrySchema)
def read(id: UUID) -> Any:
    """Read a place on a waitlist (its owner and staff)."""
    person = current_person()
    with reading() as session:
        row = use_cases.visible(session, str(id), person.id, staff=person.is_staff)
        return _one(session, row), 200, etag(row.version)


@BLUEPRINT.post("/waitlist/<uuid:id>/claim")
@BLUEPRINT.arguments(ClaimRequest)
@BLUEPRINT.response(201, ClaimedSchema)
def claim(given: dict[str, Any], id: UUID) -> Response:
    """Take the place that is offered: it becomes a booking, or stays on offer."""
    person = _patient()
    devices = tuple(Device(**device) for device in given["devices"])
    agreed = given["waiver_version"]
    ask = {"staff": person.is_staff, "waiver_version": agreed}
    return once(
        lambda s: {"appointment_id": claim_place(s, str(id), person.id, devices, **ask)}, CLAIMED
    )


@BLUEPRINT.post("/waitlist/<uuid:id>/decline")
@BLUEPRINT.response(200, WaitlistEntrySchema)
def decline(id: UUID) -> Response:
    """Not this one: wait on with the same rank."""
    person = _patient()
    return once(lambda s: _one(s, use_cases.decline(s, str(id), person.id)), SHAPE, status=200)


@BLUEPRINT.post("/waitlist/<uuid:id>/leave")
@BLUEPRINT.response(200, WaitlistEntrySchema)
def leave(id: UUID) -> Response:
    """Stop waiting."""
    person = _patient()
    return once(
        lambda s: _one(s, use_cases.leave(s, str(id), person.id, staff=person.is_staff)),
        SHAPE,
        status=200,
    )


@BLUEPRINT.get("/waitlist/<uuid:id>/invitation")
@BLUEPRINT.arguments(InvitationQuery, location="query")
@BLUEPRINT.response(200, InvitationSchema)
def invitation(given: dict[str, Any], id: UUID) -> Any:
    """Show what somebody is asked to come along to, with the code of the invitation."""
    with reading() as session:
        return queries.invitation(session, _invited(id, given["code"]))


@BLUEPRINT.post("/waitlist/<uuid:id>/together")
@BLUEPRINT.arguments(TogetherRequest)
@BLUEPRINT.response(201, WaitlistEntrySchema)
def together(given: dict[str, Any], id: UUID) -> Response:
    """Agree to come along: both are offered places at once from now on."""
    person, asking = _patient(), _invited(id, given["code"])
    return once(lambda s: _one(s, pairs.come_along(s, asking, person.id, given["devices"])), SHAPE)


@BLUEPRINT.post("/waitlist/<uuid:id>/part")
@BLUEPRINT.response(200, WaitlistEntrySchema)
def part(id: UUID) -> Response:
    """Wait on alone, each with their own rank."""
    person = _patient()
    return once(lambda s: _one(s, pairs.part(s, str(id), person.id)), SHAPE, status=200)


def _invited(id: UUID, code: str) -> str:
    if not same_code(secret(), queries.invites(str(id)), code):
        raise NotFound
    return str(id)


def _one(session: Session, row: Any) -> dict[str, Any]:
    shown = queries.shown(session, [row])[0]
    own = row.person_id == current_person().id
    return shown | {"invitation": queries.invitation_code(secret(), row) if own else None}


def _patient() -> Person:
    """Return who is asking, unless they change their mind all the time."""
    person = current_person()
    if not person.is_staff:
        with transaction() as session:
            spend(session, "booking.waitlist", person.id, capacity=30, per_seconds=600)
    return person
