"""Shapes of shifts: as a volunteer sees them, and as staff see them."""

from typing import Any

from marshmallow import fields

from services.roster.models import Assignment, Shift
from services.roster.queries.shifts import ShiftView, StaffedShift
from services.roster.schemas.assignments import AssignmentSchema
from shared.clock import now
from shared.http import locale
from shared.schemas import Instant, LocalText, PageQuery, Schema, page_of


class MineSchema(Schema):
    """The asker's own assignment on a shift."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    can_drop = fields.Boolean(required=True)
    drop_until = Instant(required=True)


class ShiftFields(Schema):
    """What everybody who sees a shift sees of it."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    needed = fields.Integer(required=True)
    at_most = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    trial = fields.Boolean(required=True, metadata={"description": "counts in no statistics"})


class ShiftSchema(ShiftFields):
    """A shift as a volunteer sees it: may I take it, and if not, why not."""

    mine = fields.Nested(MineSchema, allow_none=True, required=True)
    can_take = fields.Boolean(required=True)
    why_not = fields.String(
        allow_none=True,
        required=True,
        metadata={
            "description": "role_missing, skill_missing, already_taken, already_started, overlaps"
            " or full"
        },
    )
    why_not_text = fields.String(allow_none=True, required=True)

    def get_attribute(self, obj: ShiftView, attr: str, default: Any) -> Any:
        """Read a field from the view of one asker."""
        match attr:
            case "mine":
                return _mine(obj.mine)
            case "can_take":
                return obj.why_not is None
            case "why_not":
                return obj.why_not.code if obj.why_not else None
            case "why_not_text":
                return obj.why_not.text(locale()) if obj.why_not else None
            case _:
                return shift_attribute(obj.shift, attr)


class StaffedShiftSchema(ShiftFields):
    """A shift as staff see it: with everybody who is, or was, on it."""

    state = fields.String(required=True)
    position = fields.Integer(required=True)
    assignments = fields.List(fields.Nested(AssignmentSchema), required=True)

    def get_attribute(self, obj: StaffedShift, attr: str, default: Any) -> Any:
        """Read a field from the shift, the people from beside it."""
        if attr == "assignments":
            return obj.assignments
        return shift_attribute(obj.shift, attr)


class ShiftQuery(PageQuery):
    """Narrow the shifts to one session."""

    session_id = fields.String(load_default=None)


class AcceptSchema(Schema):
    """Who takes the shift: nobody named is the asker; only staff name somebody else."""

    person_id = fields.UUID(load_default=None, allow_none=True)


class AudienceSchema(Schema):
    """How many people would be told of a change."""

    volunteers = fields.Integer(required=True)


ShiftPage = page_of(ShiftSchema)
StaffedShiftPage = page_of(StaffedShiftSchema)


def shift_attribute(shift: Shift, attr: str) -> Any:
    """Read a field of a shift, or of its session."""
    match attr:
        case "session_title":
            return shift.session.title
        case "venue_name" | "venue_place" | "zone" | "trial":
            return getattr(shift.session, attr)
        case _:
            return getattr(shift, attr)


def _mine(row: Assignment | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "state": row.state,
        "can_drop": row.can_drop(now()),
        "drop_until": row.drop_until,
    }
