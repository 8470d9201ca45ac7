"""Shapes of how the line goes on, and of a question about another crew."""

from marshmallow import fields, validate

from services.booking.schemas.visits import WaitSchema
from shared.schemas import Instant, Schema

MOST = 5


class PointSchema(Schema):
    """The wait of somebody without a booking who comes then: minutes."""

    at = Instant(required=True)
    low = fields.Float(required=True)
    middle = fields.Float(required=True)
    high = fields.Float(required=True)


class PastWaitSchema(Schema):
    """Somebody who was called: when they came, and how many minutes they waited."""

    at = Instant(required=True)
    waited = fields.Float(required=True)
    booked = fields.Boolean(required=True)


class EndsSchema(Schema):
    """Between these two the last device will be done."""

    low = Instant(required=True)
    high = Instant(required=True)


class OutlookSchema(Schema):
    """How waits were, and how they will go on; no points while nobody is on duty."""

    at = Instant(required=True)
    on_duty = fields.Integer(required=True)
    points = fields.List(fields.Nested(PointSchema), required=True)
    ends = fields.Nested(EndsSchema, required=True, allow_none=True)
    past = fields.List(fields.Nested(PastWaitSchema), required=True)


class GoingSchema(Schema):
    """One side of a comparison; a range that cannot be told is null."""

    on_duty = fields.Integer(required=True)
    wait = fields.Nested(WaitSchema, required=True, allow_none=True)
    busiest = fields.Nested(WaitSchema, required=True, allow_none=True)
    ends = fields.Nested(EndsSchema, required=True, allow_none=True)
    points = fields.List(fields.Nested(PointSchema), required=True)


class WhatIfSchema(Schema):
    """The line as it stands and with another crew; `changes` is false where benches set the limit."""

    at = Instant(required=True)
    benches = fields.Integer(required=True)
    changes = fields.Boolean(required=True)
    busiest_at = Instant(required=True)
    before = fields.Nested(GoingSchema, required=True)
    after = fields.Nested(GoingSchema, required=True)


class WhatIfQuery(Schema):
    """So many volunteers more (or fewer) from one instant to another."""

    more = fields.Integer(required=True, validate=validate.Range(-MOST, MOST))
    from_ = Instant(data_key="from", required=True)
    to = Instant(required=True)
