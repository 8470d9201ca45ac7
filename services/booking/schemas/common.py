"""Shapes that several of booking's aggregates share."""

from typing import Any

from marshmallow import fields, validate

from shared.schemas import Instant, LocalText, Schema


class IdField(fields.UUID):
    """An id: a UUID, as text inside."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:  # type: ignore[override]  # ids are text here
        return str(super()._deserialize(value, attr, data, **kwargs))


def waiver_field() -> fields.Integer:
    """Which version of the waiver was read and agreed to; not needed where it is agreed to already."""
    return fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class SessionSummarySchema(Schema):
    """What a booking shows of its session."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = LocalText(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    state = fields.String(required=True)
    trial = fields.Boolean(required=True)
