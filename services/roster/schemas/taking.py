"""Shapes of taking shifts: what is for me, and who dropped late."""

from marshmallow import fields, validate

from services.roster.queries.for_me import FITS, SUITS
from services.roster.schemas.shifts import ShiftSchema
from shared.schemas import PageQuery, Schema, page_of


class ForMeQuery(PageQuery):
    """Which shifts: how they fit, within how many days, of which kind, only where people are missing."""

    fit = fields.String(load_default=SUITS, validate=validate.OneOf(FITS))
    days = fields.Integer(load_default=None, validate=validate.Range(1, 400))
    kind = fields.String(
        load_default=None, validate=validate.OneOf(["repair", "training", "service"])
    )
    short = fields.Boolean(load_default=False)


class CountsSchema(Schema):
    """How many shifts there are of each fit."""

    suits = fields.Integer(required=True)
    other = fields.Integer(required=True)
    cannot = fields.Integer(required=True)


class ForMeSchema(page_of(ShiftSchema)):  # type: ignore[misc]  # a class made at run time
    """A page of one fit, how many there are of each, and whether the asker told any free hours."""

    counts = fields.Nested(CountsSchema, required=True)
    time_known = fields.Boolean(required=True)


class StandbySchema(Schema):
    """The shift that somebody stands by for."""

    id = fields.String(required=True)


class LateQuery(Schema):
    """Since how many days."""

    days = fields.Integer(load_default=60, validate=validate.Range(1, 400))
