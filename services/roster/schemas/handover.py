"""Shapes of the table for the unit's own platform."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.roster.models.handover import CODES
from services.roster.schemas.records import StretchQuery
from shared.pagination import LIMIT, MOST
from shared.schemas import Instant, LocalText, PersonText, Schema, page_of

HEAD = 60


class ColumnSchema(Schema):
    """A column: what it holds, and the heading that the platform wants."""

    code = fields.String(required=True, validate=validate.OneOf(CODES))
    head = PersonText(HEAD, required=True)


class LayoutFieldsSchema(Schema):
    """The columns in their order; none twice."""

    columns = fields.List(
        fields.Nested(ColumnSchema), required=True, validate=validate.Length(1, len(CODES))
    )

    @validates_schema
    def _once(self, data: dict[str, Any], **_: Any) -> None:
        codes = [one["code"] for one in data.get("columns", [])]
        if len(set(codes)) < len(codes):
            raise ValidationError({"columns": ["Every column once."]})


class LayoutSchema(LayoutFieldsSchema):
    """The layout that holds; version 0 is the usual one."""

    version = fields.Integer(required=True)


class LinesQuery(StretchQuery):
    """Which days, and where in the list to start."""

    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, MOST))


class ServedSchema(Schema):
    """One service."""

    assignment_id = fields.String(required=True)
    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True)
    session_title = LocalText(required=True, attribute="assignment.session.title")
    venue_name = LocalText(required=True, attribute="assignment.session.venue_name")
    role = LocalText(required=True, attribute="assignment.shift.role")


LinesPage = page_of(ServedSchema)
