"""Shapes of turns that are put off, of other lines, of what can be taken back, and of a line's rules."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.booking.models.line_policy import AUTO, OFFERING, SESSION, SUGGEST, USUAL
from services.booking.schemas.common import IdField, SessionSummarySchema
from shared.schemas import Instant, LocalText, PersonText, Schema

KEEPS_THEN_CLOSES = "Not shorter than keep_turn_minutes: first the turn goes, then the number."


class MayPutOff(Schema):
    """What the owner may do about their turn now; minutes, and how often it is left."""

    late = fields.Boolean(required=True)
    late_by = fields.Integer(required=True)
    late_left = fields.Integer(required=True)
    late_minutes = fields.Integer(required=True)
    late_until = Instant(required=True, allow_none=True)
    snooze = fields.Boolean(required=True)
    snooze_by = fields.Integer(required=True)
    snooze_left = fields.Integer(required=True)
    snoozed_until = Instant(required=True, allow_none=True)
    take_back = fields.Boolean(required=True)
    switch = fields.Boolean(required=True)
    keeps_until = Instant(required=True, allow_none=True)
    closed_by_policy = fields.Boolean(required=True)
    paused = fields.Boolean(required=True)


class LateSchema(Schema):
    """A booked person who said they come later; `kept`: their turn still is."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    starts_at = Instant(required=True)
    late_minutes = fields.Integer(required=True)
    kept = fields.Boolean(required=True)


class LastActSchema(Schema):
    """What somebody did last at the desk, and until when it can be taken back."""

    id = fields.String(required=True)
    act = fields.String(required=True)
    number = fields.String(required=True)
    bench = fields.Integer(required=True, allow_none=True)
    at = Instant(required=True)
    until = Instant(required=True)


class SwitchRequest(Schema):
    """To which session; the key of the ticket's link for somebody without an account."""

    session_id = IdField(required=True)
    key = PersonText(60, load_default=None, allow_none=True)


class ResumeRequest(Schema):
    """In which session the person is now."""

    session_id = IdField(required=True)


class OtherLineSchema(Schema):
    """Another line that is open now, and how many have an earlier turn there."""

    session = fields.Nested(SessionSummarySchema, required=True)
    ahead = fields.Integer(required=True)


class OtherLinesSchema(Schema):
    """Where somebody could go over to."""

    items = fields.List(fields.Nested(OtherLineSchema), required=True)


def _whole(low: int, high: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(low, high))


class LineRulesSchema(Schema):
    """How a line is run."""

    recall_seconds = _whole(10, 1800)
    calls_before_absent = _whole(1, 9)
    absent_mode = fields.String(required=True, validate=validate.OneOf((SUGGEST, AUTO)))
    keep_turn_minutes = _whole(0, 240)
    close_absent_minutes = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(1, 720)
    )
    late_minutes = _whole(5, 30)
    late_times = _whole(0, 3)
    snooze_minutes = _whole(3, 30)
    snooze_times = _whole(0, 5)
    help_minutes = fields.Integer(
        load_default=USUAL.help_minutes,
        allow_none=True,
        strict=True,
        validate=validate.Range(15, 480),
        metadata={"description": "from which wait on idle volunteers are asked; null: never"},
    )


class LineRulesRequest(LineRulesSchema):
    """The rules as a coordinator sets them."""

    @validates_schema
    def _in_order(self, data: dict[str, int | None], **_: object) -> None:
        closes = data.get("close_absent_minutes")
        if closes is not None and closes < (data.get("keep_turn_minutes") or 0):
            raise ValidationError(KEEPS_THEN_CLOSES, "close_absent_minutes")


class LinePolicySchema(LineRulesSchema):
    """The rules of a session or an offering; `own`: set there, and not taken from elsewhere."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf((SESSION, OFFERING)))
    title = LocalText(required=True)
    own = fields.Boolean(required=True)
    version = fields.Integer(required=True)
