"""The waitlist over HTTP: wait for a full slot, take what is offered, or not this one, or leave."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.queries import waitlist as queries
from services.booking.schemas.waitlist import (
    ClaimedSchema,
    ClaimRequest,
    JoinRequest,
    WaitlistEntrySchema,
    WaitlistPage,
    WaitlistQuery,
)
from services.booking.use_cases import waitlist as use_cases
from services.booking.use_cases.appointments import book_slot
from services.booking.use_cases.booking_rules import Device, Wish
from shared.auth import SIGNED_IN, STAFF, Person, current_person
from shared.errors import Forbidden
from shared.http import Blueprint, etag, once, reading, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("waitlist", __name__, description="Waiting for a full slot")
ACCESS = {
    "waitlist.join": SIGNED_IN,
    "waitlist.read": SIGNED_IN,
    "waitlist.claim": SIGNED_IN,
    "waitlist.decline": SIGNED_IN,
    "waitlist.leave": SIGNED_IN,
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
    return once(
        lambda s: {"appointment_id": _claimed(s, str(id), person, devices, agreed)}, CLAIMED
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


def _claimed(
    session: Session, id: str, person: Person, devices: tuple[Device, ...], agreed: int | None
) -> str:
    entry, slot_id = use_cases.claim(session, id, person.id)
    if len(devices) != entry.devices:
        many = entry.devices
        texts = (f"请正好填 {many} 件。", f"Please give exactly {many}.")
        raise errors.OtherCount(devices=many, fields={"devices": texts})
    wish = Wish(slot_id, entry.person_id, person.id, devices, person.is_staff, held=True)
    return book_slot(session, replace(wish, waiver_version=agreed)).id


def _one(session: Session, row: Any) -> dict[str, Any]:
    return queries.shown(session, [row])[0]


def _patient() -> Person:
    """Return who is asking, unless they change their mind all the time."""
    person = current_person()
    if not person.is_staff:
        with transaction() as session:
            spend(session, "booking.waitlist", person.id, capacity=30, per_seconds=600)
    return person
