"""Shapes of periods: how far a review has come, what is open, what was done."""

from marshmallow import fields, validate

from services.roster.models.period import ACTS, NOTE_MOST, PERIOD_KINDS, STATES
from shared.schemas import Instant, PersonText, Schema


class PeriodSchema(Schema):
    """A month (`2026-11`) or a quarter (`2026-Q4`) of the ledger."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(PERIOD_KINDS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    over = fields.Boolean(required=True)
    checked_by = fields.String(required=True, allow_none=True)
    checked_at = Instant(required=True, allow_none=True)
    crossed_by = fields.String(required=True, allow_none=True)
    crossed_at = Instant(required=True, allow_none=True)
    closed_by = fields.String(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    closed_minutes = fields.Integer(required=True, allow_none=True)
    closed_people = fields.Integer(required=True, allow_none=True)


class PeriodListSchema(Schema):
    """Every period that has something in it, the newest first."""

    items = fields.List(fields.Nested(PeriodSchema), required=True)


class FiguresSchema(Schema):
    """What the ledger of a period comes to now; `after_closing` are entries since it was closed."""

    minutes = fields.Integer(required=True)
    people = fields.Integer(required=True)
    services = fields.Integer(required=True)
    entries = fields.Integer(required=True)
    corrections = fields.Integer(required=True)
    after_closing = fields.Integer(required=True)


class PointSchema(Schema):
    """Something to look at, and how many."""

    code = fields.String(required=True)
    count = fields.Integer(required=True)
    until = Instant(required=True, allow_none=True)


class ActSchema(Schema):
    """What somebody did in a review, and what the ledger came to then."""

    act = fields.String(required=True, validate=validate.OneOf(ACTS))
    note = fields.String(required=True)
    minutes = fields.Integer(required=True)
    entries = fields.Integer(required=True)
    done_by = fields.String(required=True)
    done_at = Instant(required=True)


class ReviewSchema(Schema):
    """A period under review: figures, what stands in the way of closing, what to look at, what was done."""

    period = fields.Nested(PeriodSchema, required=True)
    months = fields.List(fields.Nested(PeriodSchema), required=True)
    figures = fields.Nested(FiguresSchema, required=True)
    open = fields.List(fields.Nested(PointSchema), required=True)
    look = fields.List(fields.Nested(PointSchema), required=True)
    acts = fields.List(fields.Nested(ActSchema), required=True)
    more_since = fields.Integer(
        required=True, metadata={"description": "entries since somebody looked at it last"}
    )


class StepSchema(Schema):
    """A word with a step of the review."""

    note = PersonText(NOTE_MOST, lines=True, load_default="")
