"""Shapes of an import of records."""

import base64
import binascii
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from shared.schemas import Instant, PersonText, Schema

MOST_ENCODED = 12_000_000  # characters of base64: nine megabytes


class ImportRequest(Schema):
    """A file's name and bytes; a dry run changes nothing."""

    name = PersonText(200, least=1, required=True)
    csv_base64 = fields.String(required=True, validate=validate.Length(1, MOST_ENCODED))
    dry_run = fields.Boolean(load_default=False)

    @post_load
    def _decode(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            data["content"] = base64.b64decode(data.pop("csv_base64"), validate=True)
        except (binascii.Error, ValueError) as problem:
            raise ValidationError("Not a valid string.", "csv_base64") from problem
        return data


class LineSchema(Schema):
    """What was or would be done with a line: new | known | own | invalid, and why."""

    line = fields.Integer(required=True)
    id = fields.String(required=True)
    state = fields.String(required=True)
    said = fields.List(fields.Nested("SaidSchema"), required=True)


class SaidSchema(Schema):
    """A remark in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class ImportSchema(Schema):
    """What came of a file: lines by state, and the first of those with a remark."""

    batch_id = fields.String(required=True, allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    first = fields.Date(required=True, allow_none=True)
    last = fields.Date(required=True, allow_none=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)


class BatchSchema(Schema):
    """A file that was taken in."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    records = fields.Integer(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    by = fields.String(required=True)
    imported_at = Instant(required=True)
    undone_at = Instant(required=True, allow_none=True)


class BatchesSchema(Schema):
    """The latest of them."""

    items = fields.List(fields.Nested(BatchSchema), required=True)
