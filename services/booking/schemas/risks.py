"""Shapes of what is at risk and of what a coordinator decides about it."""

from marshmallow import fields, validate

from services.booking.schemas.common import SessionSummarySchema
from shared.schemas import Instant, Schema

A_DAY = 24 * 60


class DropSchema(Schema):
    """A shift that fell away: whose, which, when."""

    person_id = fields.String(required=True)
    role = fields.Dict(required=True, allow_none=True)
    skill = fields.String(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    dropped_at = Instant(required=True)


class WouldGoSchema(Schema):
    """A booking that would be displaced."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    devices = fields.Integer(required=True)
    created_at = Instant(required=True)


class RiskSchema(Schema):
    """A slot at risk; counts are devices. `until`: when the newest are displaced."""

    slot_id = fields.String(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    open_capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    over = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    since = Instant(required=True)
    until = Instant(required=True)
    drops = fields.List(fields.Nested(DropSchema), required=True)
    would_go = fields.List(fields.Nested(WouldGoSchema), required=True)


class RisksSchema(Schema):
    """Everything at risk."""

    items = fields.List(fields.Nested(RiskSchema), required=True)


class SessionRisksSchema(RisksSchema):
    """What is at risk in a session, and its stand-in time (own: null where the usual one holds)."""

    session_id = fields.String(required=True)
    offering_id = fields.String(required=True)
    stand_in_minutes = fields.Integer(required=True)
    own_minutes = fields.Integer(required=True, allow_none=True)
    usual_minutes = fields.Integer(required=True)


class StandInRequest(Schema):
    """How long stand-ins are looked for; null takes the usual time."""

    minutes = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(0, 7 * A_DAY)
    )


class WaitLongerRequest(Schema):
    """How much longer stand-ins are looked for."""

    minutes = fields.Integer(load_default=60, strict=True, validate=validate.Range(5, A_DAY))
