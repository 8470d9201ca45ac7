"""Shapes of shifts: as a volunteer sees them, and as staff see them."""

from typing import Any

from marshmallow import fields

from services.roster.models import Assignment, Shift
from services.roster.models.week import DAY_OFF, EXAM_WEEK, LESSON, NOT_FREE, ON_HOLIDAY
from services.roster.queries.shifts import ShiftView, StaffedShift
from services.roster.schemas.assignments import AssignmentSchema
from shared.clock import now
from shared.http import locale
from shared.schemas import Instant, LocalText, PageQuery, Schema, page_of

ADVICE = {
    DAY_OFF: ("你说过那天来不了。", "You said that you cannot come that day."),
    LESSON: ("你那时有课。", "You have a class at that time."),
    ON_HOLIDAY: ("那天放假。", "That day is a holiday."),
    EXAM_WEEK: ("那时是考试周。", "That is in an exam week."),
    NOT_FREE: ("不在你填的空闲时间里。", "It is outside the hours that you gave as free."),
}


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
    session_kind = fields.String(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    skill = fields.String(allow_none=True, required=True)
    level = fields.Integer(required=True, metadata={"description": "of the skill, at least"})
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
            "description": "role_missing, skill_missing, skill_expires, level_too_low,"
            " briefing_missing, newcomer_alone, already_taken, already_started, overlaps, week_full,"
            " rest_too_short, too_long_in_a_row, places_kept or full"
        },
    )
    why_not_text = fields.String(allow_none=True, required=True)
    standby = fields.Boolean(
        required=True, metadata={"description": "the asker stands by for a place"}
    )
    drop_until = Instant(
        required=True,
        metadata={"description": "until when who takes it can give it back by themselves"},
    )
    late_drop_from = Instant(
        required=True, metadata={"description": "from then on dropping is told as late"}
    )
    advice = fields.String(
        allow_none=True,
        required=True,
        metadata={
            "description": "what the asker said about that time, where it speaks against the shift:"
            " day_off, lesson, holiday, exam_week or not_free; it keeps nobody from taking it"
        },
    )
    advice_text = fields.String(allow_none=True, required=True)

    def get_attribute(self, obj: ShiftView, attr: str, default: Any) -> Any:
        """Read a field from the view of one asker."""
        match attr:
            case "mine":
                return _mine(obj.mine)
            case "can_take":
                return obj.why_not is None
            case "advice" | "advice_text":
                return _advice(obj, in_words=attr == "advice_text")
            case "why_not" | "why_not_text":
                return _why_not(obj, in_words=attr == "why_not_text")
            case "standby":
                return obj.standby
            case _:
                return shift_attribute(obj.shift, attr)


class StaffedShiftSchema(ShiftFields):
    """A shift as staff see it: with everybody who is, or was, on it."""

    state = fields.String(required=True)
    position = fields.Integer(required=True)
    assignments = fields.List(fields.Nested(AssignmentSchema), required=True)
    standing_by = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "who stands by, the earliest first"},
    )
    newcomers_alone = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "newcomers who serve some time without anybody experienced"},
    )

    def get_attribute(self, obj: StaffedShift, attr: str, default: Any) -> Any:
        """Read a field from the shift, the people from beside it."""
        if attr == "assignments":
            return obj.assignments
        if attr == "newcomers_alone":
            return sorted(obj.alone)
        if attr == "standing_by":
            return list(obj.standby)
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
        case "session_kind":
            return shift.session.kind
        case "venue_name" | "venue_place" | "zone" | "trial":
            return getattr(shift.session, attr)
        case _:
            return getattr(shift, attr)


def _why_not(view: ShiftView, *, in_words: bool) -> str | None:
    if view.why_not is None:
        return None
    return view.why_not.text(locale()) if in_words else view.why_not.code


def _advice(view: ShiftView, *, in_words: bool) -> str | None:
    if view.advice is None or not in_words:
        return view.advice
    return ADVICE[view.advice][locale() == "en"]


def _mine(row: Assignment | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "state": row.state,
        "can_drop": row.can_drop(now()),
        "drop_until": row.drop_until,
    }
