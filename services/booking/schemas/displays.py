"""Shapes of displays and their beats."""

from marshmallow import fields, validate

from services.booking.models.display import SOUNDS
from services.booking.schemas.common import SessionSummarySchema
from shared.schemas import Instant, PersonText, Schema


class BeatRequest(Schema):
    """What a display says about itself."""

    name = PersonText(40, load_default="")
    sound = fields.String(required=True, validate=validate.OneOf(SOUNDS))
    shown = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(min=0)
    )
    leaving = fields.Boolean(load_default=False)


class BeatSchema(Schema):
    """Which number the display has here."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)


class DisplaySchema(BeatSchema):
    """A display and how it stands: ok | silent | behind | closed."""

    session_id = fields.String(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    name = fields.String(required=True)
    sound = fields.String(required=True)
    state = fields.String(required=True)
    silent_seconds = fields.Integer(required=True)
    started_at = Instant(required=True)
    seen_at = Instant(required=True)


class DisplaysSchema(Schema):
    """Several displays."""

    items = fields.List(fields.Nested(DisplaySchema), required=True)


class SessionDisplaysSchema(DisplaysSchema):
    """The displays of a session, and how many acts of its desks wait for a decision."""

    open_conflicts = fields.Integer(required=True)
