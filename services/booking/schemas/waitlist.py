"""Shapes of the waitlist of full slots."""

from marshmallow import fields, validate

from services.booking.models.waitlist import STATES
from services.booking.schemas.appointments import DeviceRequest
from services.booking.schemas.common import IdField, SessionSummarySchema, waiver_field
from shared.schemas import Instant, PageQuery, Schema, page_of

MOST_DEVICES, MOST_WISHES = 20, 100


class JoinRequest(Schema):
    """How many devices, and which slots (the favourite first; none: any); staff may name the person."""

    devices = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_DEVICES))
    slots = fields.List(IdField(), load_default=list, validate=validate.Length(max=MOST_WISHES))
    person_id = IdField(load_default=None, allow_none=True)


class ClaimRequest(Schema):
    """The devices that come; exactly as many as were waited for."""

    devices = fields.List(
        fields.Nested(DeviceRequest), required=True, validate=validate.Length(1, MOST_DEVICES)
    )
    waiver_version = waiver_field()


class InvitationQuery(Schema):
    """The code that an invitation carries."""

    code = fields.String(required=True, validate=validate.Length(1, 20))


class TogetherRequest(InvitationQuery):
    """Coming along, with how many devices of one's own."""

    devices = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_DEVICES))


class InvitationSchema(Schema):
    """What somebody is asked to come along to; `open`: whether one can still agree."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    slots = fields.List(fields.String(), required=True)
    place = fields.Integer(required=True, allow_none=True)
    open = fields.Boolean(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)


class PartnerSchema(Schema):
    """Who comes along: how they stand, and one's own place without them."""

    person_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    place_alone = fields.Integer(required=True, allow_none=True)


class OfferSchema(Schema):
    """A place that is held until `expires_at`."""

    slot_id = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    expires_at = Instant(required=True)


class WaitlistEntrySchema(Schema):
    """A place on a waitlist; `place` is 1-based among those who still wait."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    devices = fields.Integer(required=True)
    slots = fields.List(fields.String(), required=True)
    passed = fields.List(fields.String(), required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    place = fields.Integer(required=True, allow_none=True)
    offer = fields.Nested(OfferSchema, required=True, allow_none=True)
    partner = fields.Nested(PartnerSchema, required=True, allow_none=True)
    invitation = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "code for who is to come along; told to the owner only"},
    )
    by = fields.String(required=True)
    created_at = Instant(required=True)
    version = fields.Integer(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)


class WaitlistQuery(PageQuery):
    """A page of a session's waitlist."""


class ClaimedSchema(Schema):
    """The booking that an offer became."""

    appointment_id = fields.String(required=True)


WaitlistPage = page_of(WaitlistEntrySchema)
