"""Shapes of offers: what a volunteer is asked, and what staff see of asking."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models import Offer
from services.roster.schemas.assignments import AssignmentSchema
from services.roster.schemas.shifts import shift_attribute
from shared.schemas import Instant, LocalText, Schema, page_of

STATES = ["offered", "accepted", "declined", "expired", "withdrawn", "filled"]
OF_SHIFT = (
    "session_title", "venue_name", "venue_place", "zone", "role", "skill", "starts_at", "ends_at",
    "drop_until",
)  # fmt: skip

GIVEN = (
    "id", "shift_id", "session_id", "session_title", "venue_name", "zone", "role", "skill",
    "starts_at", "ends_at",
)  # fmt: skip


class OfferSchema(Schema):
    """A shift that somebody is asked to take until a deadline."""

    id = fields.String(required=True)
    shift_id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    drop_until = Instant(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    holds = fields.Boolean(
        required=True, metadata={"description": "a place is kept; else the first of several has it"}
    )
    stand_in = fields.Boolean(
        required=True, metadata={"description": "instead of somebody who cannot come"}
    )
    in_return = fields.Nested(
        AssignmentSchema(only=GIVEN),
        attribute="returned",
        allow_none=True,
        required=True,
        metadata={"description": "what is given for it, when two swap"},
    )
    made_at = Instant(required=True)
    expires_at = Instant(required=True)
    answered_at = Instant(allow_none=True, required=True)

    def get_attribute(self, obj: Offer, attr: str, default: Any) -> Any:
        """Read a field of the offer, or of its shift and session."""
        if attr == "stand_in":
            return obj.instead_of is not None
        if attr not in OF_SHIFT:
            return getattr(obj, attr)
        if attr in ("session_title", "venue_name", "venue_place", "zone"):
            return getattr(obj.session, attr.removeprefix("session_"))
        return shift_attribute(obj.shift, attr)


class WhySchema(Schema):
    """Why somebody was asked: minutes served and taken on, and whether they are free by their week."""

    minutes = fields.Integer(allow_none=True, load_default=None, dump_default=None)
    free = fields.Boolean(allow_none=True, load_default=None, dump_default=None)


class MadeOfferSchema(OfferSchema):
    """An offer as staff see it: with why this person was asked."""

    why = fields.Nested(WhySchema, required=True)
    by_rule = fields.Boolean(
        required=True, metadata={"description": "made by a round, not by hand"}
    )

    def get_attribute(self, obj: Offer, attr: str, default: Any) -> Any:
        """Read a field; who made it stays inside."""
        if attr == "by_rule":
            return obj.made_by == "rule"
        return super().get_attribute(obj, attr, default)


class RoundSchema(Schema):
    """How a shift is being filled by asking."""

    shift_id = fields.String(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(["one_by_one", "to_all", "done", "stopped"])
    )
    started_at = Instant(required=True)


class AskingSchema(Schema):
    """All that is, and was, asked of a session's shifts."""

    offers = fields.List(fields.Nested(MadeOfferSchema), required=True)
    rounds = fields.List(fields.Nested(RoundSchema), required=True)


class CandidateSchema(Schema):
    """Somebody who could take the shift, in the order in which they would be asked."""

    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True)
    free = fields.Boolean(required=True)
    newcomer = fields.Boolean(required=True)


class NewOfferSchema(Schema):
    """Whom to ask."""

    person_id = fields.UUID(required=True)


OfferPage = page_of(OfferSchema)
CandidatePage = page_of(CandidateSchema)
