"""Shapes of calls for help: what I am asked, and what staff see of a call."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models import HelpAsk
from services.roster.use_cases.help import MOST_WANTED
from shared.schemas import Instant, LocalText, Schema


class HelpAskSchema(Schema):
    """Somebody is asked to come and help now."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    shift_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    ends_at = Instant(required=True, metadata={"description": "of the shift"})
    until = Instant(required=True, metadata={"description": "until when help is asked for"})
    wanted = fields.Integer(required=True)
    joined = fields.Integer(required=True)
    state = fields.String(
        required=True, metadata={"description": "asked, joined, declined, filled or closed"}
    )

    def get_attribute(self, obj: HelpAsk, attr: str, default: Any) -> Any:
        """Read a field of the ask, its call, its shift or its session."""
        match attr:
            case "id" | "state":
                return getattr(obj, attr)
            case "session_title" | "venue_name" | "venue_place" | "zone":
                return getattr(obj.call.session, attr.removeprefix("session_"))
            case "role" | "skill" | "ends_at":
                return getattr(obj.call.shift, attr)
            case "until":
                return obj.call.ends_at
            case _:
                return getattr(obj.call, attr)


class MyHelpSchema(Schema):
    """What I am asked now, and whether I want to be asked."""

    items = fields.List(fields.Nested(HelpAskSchema), required=True)
    asked = fields.Boolean(required=True)


class WishSchema(Schema):
    """Whether to be asked when a running session is short of hands."""

    asked = fields.Boolean(required=True)


class AskedPersonSchema(Schema):
    """One person of a call, and what they answered."""

    person_id = fields.String(required=True)
    state = fields.String(required=True)
    answered_at = Instant(allow_none=True, required=True)


class HelpCallSchema(Schema):
    """A call for help."""

    id = fields.String(required=True)
    shift_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "full", "ended"]))
    reason = fields.String(
        allow_none=True, required=True, metadata={"description": "eased, by_hand, time or session"}
    )
    by_pressure = fields.Boolean(required=True)
    wanted = fields.Integer(required=True)
    joined = fields.Integer(required=True)
    opened_at = Instant(required=True)
    ends_at = Instant(required=True)
    ended_at = Instant(allow_none=True, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read a field; who opened it stays inside."""
        return obj.opened_by == "pressure" if attr == "by_pressure" else getattr(obj, attr)


class SessionHelpSchema(Schema):
    """The newest call of a session with who was asked, and how many would be asked now."""

    call = fields.Nested(HelpCallSchema, allow_none=True, required=True)
    people = fields.List(fields.Nested(AskedPersonSchema), required=True)
    idle = fields.Integer(required=True, metadata={"description": "who would be asked now"})
    possible = fields.Boolean(
        required=True, metadata={"description": "something runs that help would join"}
    )


class NewHelpSchema(Schema):
    """How many are wanted."""

    wanted = fields.Integer(required=True, validate=validate.Range(1, MOST_WANTED))
