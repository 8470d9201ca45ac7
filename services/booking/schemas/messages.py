"""Shapes of what booking is told; read tolerantly: what we do not know is left out."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from services.booking.errors import MalformedMessage
from shared.clock import iso
from shared.schemas import Instant


class Message(Schema):
    """The data of an event."""

    class Meta:
        """Unknown fields are ignored: the sender may have grown."""

        unknown = EXCLUDE


class OfferingMessage(Message):
    """`offering.changed.v1`."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.Dict(required=True)
    skill = fields.String(required=True, allow_none=True)
    categories = fields.List(fields.Integer(), required=True)
    state = fields.String(required=True)


class QuestionMessage(Message):
    """A question of `quiz.changed.v1`."""

    key = fields.String(required=True)
    text = fields.Dict(required=True)
    choices = fields.List(fields.Dict(), required=True)
    right = fields.List(fields.Integer(), required=True)
    explanation = fields.Dict(load_default=lambda: {"zh": "", "en": ""})


class QuizMessage(Message):
    """`quiz.changed.v1`."""

    offering_id = fields.String(required=True)
    questions = fields.List(fields.Nested(QuestionMessage), required=True)
    drawn = fields.Integer(required=True)
    pass_percent = fields.Integer(required=True)
    attempts = fields.Integer(required=True)
    wait_hours = fields.Integer(required=True)
    state = fields.String(required=True)


class CalendarMessage(Message):
    """`calendar.changed.v1`."""

    id = fields.String(required=True)
    name = fields.Dict(required=True)
    starts_on = fields.Date(required=True)
    weeks = fields.Integer(required=True)
    exam_weeks = fields.List(fields.Integer(), required=True)
    holidays = fields.List(fields.Dict(), required=True)
    moved_days = fields.List(fields.Dict(), required=True)
    state = fields.String(required=True)


class SessionMessage(Message):
    """`session.published.v1`, `session.changed.v1`, `session.cancelled.v1`."""

    id = fields.String(required=True)
    series_id = fields.String(load_default=None, allow_none=True)
    programme_id = fields.String(load_default=None, allow_none=True)
    offering_id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.Dict(required=True)
    venue_id = fields.String(required=True)
    venue_name = fields.Dict(required=True)
    venue_place = fields.Dict(required=True)
    zone = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    slot_minutes = fields.Integer(load_default=None, allow_none=True)
    benches = fields.Integer(load_default=0)
    seats = fields.Integer(load_default=0)
    booking_opens_at = Instant(required=True)
    booking_closes_at = Instant(required=True)
    categories = fields.List(fields.Integer(), required=True)
    minutes_per_device = fields.Integer(required=True)
    devices_per_bench = fields.Integer(required=True)
    max_devices = fields.Integer(required=True)
    cancel_cutoff_minutes = fields.Integer(required=True)
    staffing = fields.List(fields.Dict(), required=True)
    state = fields.String(required=True)
    reason = fields.Dict(load_default=None, allow_none=True)
    trial = fields.Boolean(load_default=False)
    opening = fields.String(load_default="first_come")
    opens_when_staffed = fields.Boolean(load_default=False)


class IntervalMessage(Message):
    """One interval of `staffing.changed.v1`."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    skill = fields.String(required=True, allow_none=True)
    accepted = fields.Integer(required=True)
    present = fields.Integer(load_default=0)
    needed = fields.Integer(load_default=0)


class StaffingMessage(Message):
    """`staffing.changed.v1`."""

    session_id = fields.String(required=True)
    intervals = fields.List(fields.Nested(IntervalMessage), required=True)


class AssignmentMessage(Message):
    """`shift.accepted.v1`, `shift.dropped.v1`, `shift.attended.v1`."""

    assignment_id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    state = fields.String(required=True)
    role = fields.Dict(load_default=None, allow_none=True)
    skill = fields.String(load_default=None, allow_none=True)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)


class SkillsMessage(Message):
    """`skill.granted.v1`, `skill.revoked.v1`: all skills as they stand now."""

    person_id = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)


class PersonMessage(Message):
    """`person.erased.v1`."""

    person_id = fields.String(required=True)


def loaded(schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an event by its shape; one that does not fit breaks a rule."""
    try:
        values: dict[str, Any] = schema.load(data)
    except ValidationError as problem:
        raise MalformedMessage(problem=problem.messages) from problem
    return values


def intervals_of(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the intervals as they are kept: instants as RFC 3339 in UTC."""
    return [
        {**one, "starts_at": iso(one["starts_at"]), "ends_at": iso(one["ends_at"])}
        for one in values["intervals"]
    ]
