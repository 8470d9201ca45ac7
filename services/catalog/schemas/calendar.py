"""Shapes of terms."""

from marshmallow import fields, validate

from services.catalog.models.term import MOST_SECTIONS, MOST_WEEKS
from shared.schemas import LocalText, Schema

WEEK = validate.Range(1, MOST_WEEKS)
TIME = validate.Regexp(
    r"([01]\d|2[0-3]):[0-5]\d", error="这里写时刻，例如 08:00。 / A time of day, for example 08:00."
)


class HolidaySchema(Schema):
    """Days without classes, both included."""

    from_ = fields.Date(data_key="from", attribute="from", required=True)
    to = fields.Date(required=True)
    name = LocalText(required=True)


class MovedDaySchema(Schema):
    """A moved working day (调休): `follows` is the ISO weekday whose timetable it has."""

    date = fields.Date(required=True)
    follows = fields.Integer(required=True, validate=validate.Range(1, 7))
    name = LocalText(required=True)


class SectionSchema(Schema):
    """When a lesson of the day (节次) begins and ends, in local time."""

    starts = fields.String(required=True, validate=TIME)
    ends = fields.String(required=True, validate=TIME)


class TermFieldsSchema(Schema):
    """What staff say about a term; `starts_on` is the Monday of teaching week 1."""

    name = LocalText(required=True)
    starts_on = fields.Date(required=True)
    weeks = fields.Integer(required=True, validate=WEEK)
    exam_weeks = fields.List(
        fields.Integer(validate=WEEK), load_default=list, validate=validate.Length(max=MOST_WEEKS)
    )
    holidays = fields.List(
        fields.Nested(HolidaySchema), load_default=list, validate=validate.Length(max=40)
    )
    moved_days = fields.List(
        fields.Nested(MovedDaySchema), load_default=list, validate=validate.Length(max=40)
    )
    sections = fields.List(
        fields.Nested(SectionSchema), load_default=list, validate=validate.Length(max=MOST_SECTIONS)
    )


class HolidayShown(Schema):
    """Days without classes."""

    from_ = fields.String(data_key="from", attribute="from", required=True)
    to = fields.String(required=True)
    name = LocalText(required=True)


class MovedDayShown(Schema):
    """A moved working day."""

    date = fields.String(required=True)
    follows = fields.Integer(required=True)
    name = LocalText(required=True)


class TermSchema(Schema):
    """A term."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    name = LocalText(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    weeks = fields.Integer(required=True)
    exam_weeks = fields.List(fields.Integer(), required=True)
    holidays = fields.List(fields.Nested(HolidayShown), required=True)
    moved_days = fields.List(fields.Nested(MovedDayShown), required=True)
    sections = fields.List(fields.Nested(SectionSchema), required=True)
    state = fields.String(required=True, validate=validate.OneOf(["active", "archived"]))


class TermsSchema(Schema):
    """The terms of the calendar, the latest first."""

    items = fields.List(fields.Nested(TermSchema), required=True)
