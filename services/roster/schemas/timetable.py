"""Shapes of importing a class timetable."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models.timetable import LeftOut
from services.roster.schemas.availability import SpanSchema
from shared.http import locale
from shared.schemas import Schema

MOST_ENCODED = 800_000


class TimetableFileSchema(Schema):
    """A file as base64: iCalendar, or CSV in UTF-8 or GB18030."""

    content_base64 = fields.String(required=True, validate=validate.Length(min=1, max=MOST_ENCODED))
    dry_run = fields.Boolean(load_default=False)


class DraftSchema(SpanSchema):
    """A lesson as it was understood: weekly in some weeks, or once."""

    title = fields.String(required=True)
    weekday = fields.Integer(allow_none=True, required=True)
    weeks = fields.List(fields.Integer(), allow_none=True, required=True)
    on = fields.Date(allow_none=True, required=True, attribute="on_date")


class LeftOutSchema(Schema):
    """A line that was left out."""

    line = fields.Integer(required=True)
    text = fields.String(required=True)
    why = fields.String(required=True)

    def get_attribute(self, obj: LeftOut, attr: str, default: Any) -> Any:
        """Say why in the asker's language."""
        return obj.why[locale() == "en"] if attr == "why" else getattr(obj, attr)


class TimetableSchema(Schema):
    """What the file came to, or would come to."""

    kind = fields.String(required=True, validate=validate.OneOf(["ics", "csv"]))
    lessons = fields.List(fields.Nested(DraftSchema), required=True)
    left_out = fields.List(fields.Nested(LeftOutSchema), required=True)
