"""Shapes of hours."""

from typing import Any

from marshmallow import fields

from services.roster.models import Hours
from shared.schemas import Instant, LocalText, PageQuery, Schema


class HoursSchema(Schema):
    """The minutes that one assignment served."""

    assignment_id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    minutes = fields.Integer(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True)
    closed_by_rule = fields.Boolean(required=True)
    trial = fields.Boolean(required=True, metadata={"description": "left out of the total"})
    recorded_at = Instant(required=True)

    def get_attribute(self, obj: Hours, attr: str, default: Any) -> Any:
        """Read a field of the hours, their shift or their session."""
        match attr:
            case "session_title":
                return obj.assignment.session.title
            case "venue_name" | "zone":
                return getattr(obj.assignment.session, attr)
            case "role":
                return obj.assignment.shift.role
            case _:
                return getattr(obj, attr)


class HoursPage(Schema):
    """One page of hours, newest first, and the total of all pages without trials."""

    items = fields.List(fields.Nested(HoursSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)
    total_minutes = fields.Integer(required=True)


class HoursQuery(PageQuery):
    """Whose hours; everybody's where nobody is named."""

    person_id = fields.String(load_default=None)
