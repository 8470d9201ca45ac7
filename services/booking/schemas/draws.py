"""Shapes of a draw and of an entry."""

from marshmallow import fields, validate

from services.booking.models.category import BY_ID
from services.booking.schemas.common import IdField, waiver_field
from shared.schemas import Instant, PersonText, Schema

STATES = ["before", "open", "drawing", "drawn", "cancelled"]


class EntryDevice(Schema):
    """A device that would come along; a photo can be added once there is a place."""

    category_id = fields.Integer(
        required=True, strict=True, validate=validate.Range(min(BY_ID), max(BY_ID))
    )
    brand = PersonText(120, load_default="")
    problem = PersonText(4000, lines=True, load_default="")


class EnterRequest(Schema):
    """An entry: slots in the order of liking, and what comes along."""

    wishes = fields.List(IdField(), required=True, validate=validate.Length(1, 50))
    devices = fields.List(
        fields.Nested(EntryDevice), required=True, validate=validate.Length(1, 20)
    )
    waiver_version = waiver_field()


class DrawnSchema(Schema):
    """One line of the published list."""

    pseudonym = fields.String(required=True)
    position = fields.Integer(required=True)
    state = fields.String(required=True)


class WishSchema(Schema):
    """A slot that somebody wishes for."""

    slot_id = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


class MyEntrySchema(Schema):
    """One's own entry, with the pseudonym that nobody else can link to it."""

    pseudonym = fields.String(required=True)
    state = fields.String(required=True)
    position = fields.Integer(required=True, allow_none=True)
    appointment_id = fields.String(required=True, allow_none=True)
    slot_id = fields.String(required=True, allow_none=True)
    wishes = fields.List(fields.Nested(WishSchema), required=True)
    devices = fields.List(fields.Nested(EntryDevice), required=True)


class DrawSchema(Schema):
    """A draw: `seed_hash` is SHA-256 of the seed's 32 bytes; seed and entries come after the draw.

    The order is that of sha256(seed bytes + pseudonym as text), smallest first.
    """

    session_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    drawn_at = Instant(required=True, allow_none=True)
    committed_at = Instant(required=True)
    seed_hash = fields.String(required=True)
    seed = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)
    entries = fields.List(fields.Nested(DrawnSchema), required=True, allow_none=True)
    mine = fields.Nested(MyEntrySchema, required=True, allow_none=True)
