"""Shapes of a volunteer's time: weekly hours, exceptions, limits, and the days ahead."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.roster.models.availability import DAY_MINUTES, KINDS
from services.roster.models.profile import (
    MOST_REST_MINUTES,
    MOST_ROW_MINUTES,
    MOST_WEEK_SHIFTS,
)
from services.roster.schemas.clock_time import ClockTime
from shared.schemas import LocalText, Schema

MOST_HOURS = 7 * 24
MOST_DAYS = 42


class SpanSchema(Schema):
    """A stretch of a day."""

    starts = ClockTime(required=True)
    ends = ClockTime(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["starts"] >= data["ends"]:
            raise ValidationError({"ends": ["Must end after it starts."]})

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read a stretch given as a pair of minutes."""
        pair = obj if isinstance(obj, tuple) else getattr(obj, "span", None)
        if pair is not None and attr in ("starts", "ends"):
            return pair[attr == "ends"]
        return super().get_attribute(obj, attr, default)


class WeeklySpanSchema(SpanSchema):
    """A stretch of a weekday, Monday is 1."""

    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))


class WeeklySchema(Schema):
    """The hours in which a volunteer usually has time."""

    hours = fields.List(
        fields.Nested(WeeklySpanSchema), required=True, validate=validate.Length(max=MOST_HOURS)
    )


class NewExceptionSchema(SpanSchema):
    """A day that differs: `off` (not this day) or `also` (also this day); the whole of it, or hours."""

    on = fields.Date(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    starts = ClockTime(load_default=0)
    ends = ClockTime(load_default=DAY_MINUTES)


class ExceptionSchema(SpanSchema):
    """A day that differs, as it is kept."""

    id = fields.String(required=True)
    on = fields.Date(required=True, attribute="on_date")
    kind = fields.String(required=True)
    whole_day = fields.Boolean(required=True)


class LimitsSchema(Schema):
    """How much a volunteer takes on; null and 0 mean no limit."""

    week_shifts = fields.Integer(
        allow_none=True, required=True, validate=validate.Range(1, MOST_WEEK_SHIFTS)
    )
    rest_minutes = fields.Integer(required=True, validate=validate.Range(0, MOST_REST_MINUTES))
    row_minutes = fields.Integer(
        allow_none=True, required=True, validate=validate.Range(30, MOST_ROW_MINUTES)
    )
    exam_weeks = fields.Boolean(
        required=True, metadata={"description": "the weekly hours hold in exam weeks too"}
    )


class LessonSchema(SpanSchema):
    """A lesson: weekly in some weeks of a term, or once. Only its owner sees the title."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    weekday = fields.Integer(allow_none=True, required=True)
    weeks = fields.List(fields.Integer(), allow_none=True, required=True)
    on = fields.Date(allow_none=True, required=True, attribute="on_date")


class DayLessonSchema(SpanSchema):
    """A lesson that holds on a day."""

    title = fields.String(required=True)


class DaySchema(Schema):
    """A day ahead, as the calendar and the volunteer's week make it."""

    on = fields.Date(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(["teaching", "holiday", "exam", "moved"])
    )
    weekday = fields.Integer(
        required=True, metadata={"description": "whose timetable holds; not its own on a moved day"}
    )
    name = LocalText(allow_none=True, required=True)
    free = fields.List(fields.Nested(SpanSchema), required=True)
    lessons = fields.List(fields.Nested(DayLessonSchema), required=True)
    off = fields.List(fields.Nested(SpanSchema), required=True)


class AvailabilitySchema(Schema):
    """All that a volunteer said about their time, and the days ahead as they follow from it."""

    person_id = fields.String(required=True)
    weekly = fields.List(fields.Nested(WeeklySpanSchema), required=True)
    lessons = fields.List(fields.Nested(LessonSchema), required=True)
    exceptions = fields.List(fields.Nested(ExceptionSchema), required=True)
    limits = fields.Nested(LimitsSchema, required=True)
    days = fields.List(fields.Nested(DaySchema), required=True)


class DaysQuery(Schema):
    """From which day on, and how many days."""

    first = fields.Date(load_default=None, allow_none=True)
    days = fields.Integer(load_default=14, validate=validate.Range(1, MOST_DAYS))
