"""Policies over HTTP: read and write one, see what it would mean, what binds in a session."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import policies as queries
from services.booking.schemas.policies import (
    BookingPolicySchema,
    PolicyFieldsSchema,
    PreviewRequest,
    PreviewSchema,
    RulesSchema,
)
from services.booking.use_cases import policies, policy_rules
from shared.auth import ANYONE, STAFF, current_person, maybe_person
from shared.http import Blueprint, etag, expected_version, reading, reply, transaction

BLUEPRINT = Blueprint("policies", __name__, description="Booking policies of offerings")
ACCESS = {
    "policies.read": STAFF,
    "policies.change": STAFF,
    "policies.preview": STAFF,
    "policies.rules": ANYONE,
}
SHAPE = BookingPolicySchema()


@BLUEPRINT.get("/offerings/<uuid:id>/policy")
@BLUEPRINT.response(200, BookingPolicySchema)
def read(id: UUID) -> Response:
    """Read an offering's policy; one that was never written has version 0."""
    with reading() as session:
        found = queries.policy_of(session, str(id))
    return reply(SHAPE.dump(found), 200, etag(found["version"]))


@BLUEPRINT.put("/offerings/<uuid:id>/policy")
@BLUEPRINT.arguments(PolicyFieldsSchema)
@BLUEPRINT.response(200, BookingPolicySchema)
def change(given: dict[str, Any], id: UUID) -> Response:
    """Write an offering's policy (If-Match); it binds at once, promises made before stay."""
    expected, actor = expected_version(), current_person().id
    policy_rules.check(given)
    values = policy_rules.stored(given)
    with transaction() as session:
        policies.change_policy(session, actor, str(id), expected, values)
        found = queries.policy_of(session, str(id))
    return reply(SHAPE.dump(found), 200, etag(found["version"]))


@BLUEPRINT.post("/offerings/<uuid:id>/policy/preview")
@BLUEPRINT.arguments(PreviewRequest)
@BLUEPRINT.response(200, PreviewSchema)
def preview(given: dict[str, Any], id: UUID) -> Any:
    """Say what a policy would mean for a week; nothing is saved."""
    week = given.pop("week")
    policy_rules.check(given)
    values = policy_rules.stored(given) | {"waiver_version": None}
    with reading() as session:
        return queries.preview(session, str(id), values, week)


@BLUEPRINT.get("/sessions/<uuid:id>/rules")
@BLUEPRINT.response(200, RulesSchema)
def rules(id: UUID) -> Any:
    """Say what binds in a session, and how many bookings the asker holds."""
    person = maybe_person()
    with reading() as session:
        return queries.rules_of(session, str(id), person.id if person else None)
