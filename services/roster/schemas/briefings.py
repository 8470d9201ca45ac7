"""Shapes of briefings."""

from typing import Any

from marshmallow import fields, validate

from services.roster.queries.briefings import BriefingView
from shared.schemas import Instant, LocalText, Schema


class NewBriefingSchema(Schema):
    """A briefing as it shall be; saving makes a new version, which a needed one asks to be read."""

    title = LocalText(required=True)
    text = LocalText(long=True, required=True)
    needed = fields.Boolean(load_default=True)


class BriefingSchema(Schema):
    """A briefing in its newest version, and whether one volunteer has read it."""

    code = fields.String(required=True)
    version = fields.Integer(required=True)
    title = LocalText(required=True)
    text = LocalText(long=True, required=True)
    needed = fields.Boolean(
        required=True, metadata={"description": "nobody takes a shift without having read it"}
    )
    written_at = Instant(required=True)
    read_at = Instant(allow_none=True, required=True)
    read_version = fields.Integer(
        allow_none=True, required=True, metadata={"description": "the last one read, maybe older"}
    )

    def get_attribute(self, obj: BriefingView, attr: str, default: Any) -> Any:
        """Read a field of the briefing, or of who has read it."""
        return getattr(obj if attr in ("read_at", "read_version") else obj.briefing, attr)


class BriefingListSchema(Schema):
    """Every briefing; there are few."""

    items = fields.List(fields.Nested(BriefingSchema), required=True)


class ReadSchema(Schema):
    """Which version was read."""

    version = fields.Integer(required=True, validate=validate.Range(1, 1_000_000))


class ReadDoneSchema(Schema):
    """That it was read."""

    code = fields.String(required=True)
    version = fields.Integer(required=True)
    read_at = Instant(required=True)
