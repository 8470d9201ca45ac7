"""Shapes of the figures of impact."""

from marshmallow import fields, validate

from services.booking.queries.impact import OWN, SOURCES
from shared.schemas import Schema


class ImpactQuery(Schema):
    """Of which days, both ends included; without them all; our own records or imported ones."""

    from_ = fields.Date(load_default=None, data_key="from")
    to = fields.Date(load_default=None)
    source = fields.String(load_default=OWN, validate=validate.OneOf(SOURCES))


class RateSchema(Schema):
    """A share of `of` with its 95 % interval, all of 1."""

    share = fields.Float(required=True, allow_none=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    of = fields.Integer(required=True)


class KilogramsSchema(Schema):
    """Weight of what was fixed by average weights; `unweighed` devices have none and are not in it."""

    usual = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    unweighed = fields.Integer(required=True)


class SumsSchema(Schema):
    """Devices by outcome; the rate is fixed among known outcomes."""

    devices = fields.Integer(required=True)
    fixed = fields.Integer(required=True)
    repairable = fields.Integer(required=True)
    end_of_life = fields.Integer(required=True)
    unclear = fields.Integer(required=True)
    rate = fields.Nested(RateSchema, required=True)
    kilograms = fields.Nested(KilogramsSchema, required=True)


class CategorySumsSchema(SumsSchema):
    """Of one category."""

    category_id = fields.Integer(required=True)


class StepSumsSchema(SumsSchema):
    """Of a day, a week or a month; `from` is its first day."""

    from_ = fields.Date(required=True, data_key="from")


class CourseSchema(Schema):
    """Over time; `step` is day, week or month."""

    step = fields.String(required=True)
    items = fields.List(fields.Nested(StepSumsSchema), required=True)


class ImpactSchema(SumsSchema):
    """All figures of some days."""

    from_ = fields.Date(required=True, allow_none=True, data_key="from")
    to = fields.Date(required=True, allow_none=True)
    people = fields.Integer(required=True)
    volunteers = fields.Integer(required=True)
    sessions = fields.Integer(required=True)
    trained = fields.Integer(required=True)
    categories = fields.List(fields.Nested(CategorySumsSchema), required=True)
    course = fields.Nested(CourseSchema, required=True)
