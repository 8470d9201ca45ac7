"""Shapes of assignments: accepted, dropped, checked in and out."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models import Assignment
from shared.clock import now
from shared.schemas import Instant, LocalText, PageQuery, Schema, page_of


class AssignmentSchema(Schema):
    """A volunteer on a shift."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    shift_id = fields.String(required=True)
    session_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    person_id = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["accepted", "attended", "absent", "dropped", "released"]),
    )
    by = fields.String(
        attribute="changed_by",
        required=True,
        validate=validate.OneOf(["self", "staff", "session"]),
        metadata={"description": "who changed it last"},
    )
    checked_in_at = Instant(allow_none=True, required=True)
    checked_out_at = Instant(allow_none=True, required=True)
    closed_by_rule = fields.Boolean(
        required=True, metadata={"description": "the check-out was forgotten and set by rule"}
    )
    can_drop = fields.Boolean(required=True)
    drop_until = Instant(required=True)
    dropped_at = Instant(allow_none=True, required=True)
    stand_in_since = Instant(
        allow_none=True, required=True, metadata={"description": "a stand-in is looked for"}
    )
    swap_shift_id = fields.String(
        allow_none=True,
        required=True,
        metadata={"description": "the shift that is wanted in exchange, while one is looked for"},
    )
    dropped_late = fields.Boolean(
        required=True,
        metadata={"description": "by the volunteer, within 48 hours of the start"},
    )
    late_drop_from = Instant(
        required=True, metadata={"description": "from then on dropping is told as late"}
    )
    trial = fields.Boolean(required=True, metadata={"description": "counts in no statistics"})

    def get_attribute(self, obj: Assignment, attr: str, default: Any) -> Any:
        """Read a field of the assignment, its shift or its session."""
        match attr:
            case "session_title":
                return obj.session.title
            case "venue_name" | "venue_place" | "zone" | "trial":
                return getattr(obj.session, attr)
            case "role" | "skill":
                return getattr(obj.shift, attr)
            case "can_drop":
                return obj.can_drop(now())
            case _:
                return getattr(obj, attr)


class AttendanceSchema(Schema):
    """Coming or leaving: with the code on the wall, or noted by staff with the device's time."""

    wall_code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    occurred_at = Instant(load_default=None, allow_none=True)


class NothingSchema(Schema):
    """An empty object."""


class AssignmentQuery(PageQuery):
    """Which assignments: live ones not over yet, the rest, or all; in a stretch of time, of one session."""

    when = fields.String(
        load_default="upcoming", validate=validate.OneOf(["upcoming", "past", "all"])
    )
    from_ = Instant(data_key="from", load_default=None)
    to = Instant(load_default=None)
    session_id = fields.String(load_default=None)


AssignmentPage = page_of(AssignmentSchema)
