"""Shapes of incoming messages, read tolerantly: unknown fields are ignored."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.roster.models.session import CANCELLED, PUBLISHED
from services.roster.use_cases.sessions import Staffing
from shared.schemas import Instant


class Tolerant(Schema):
    """A shape that takes what it knows and leaves the rest."""

    class Meta:
        """Ignore what is not listed."""

        unknown = EXCLUDE


class StaffingMessage(Tolerant):
    """A staffing entry of a session."""

    position = fields.Integer(load_default=None)
    role = fields.Dict(required=True)
    skill = fields.String(load_default=None, allow_none=True)
    level = fields.Integer(load_default=1, validate=validate.Range(1, 3))
    needed = fields.Integer(required=True, validate=validate.Range(min=0))
    at_most = fields.Integer(load_default=None, allow_none=True)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)


class SessionMessage(Tolerant):
    """A session as the catalog announces it."""

    offering_id = fields.String(load_default=None, allow_none=True)
    kind = fields.String(required=True)
    title = fields.Dict(required=True)
    venue_name = fields.Dict(required=True)
    venue_place = fields.Dict(load_default=dict)
    zone = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    staffing = fields.List(fields.Nested(StaffingMessage), load_default=list)
    state = fields.String(required=True, validate=validate.OneOf([PUBLISHED, CANCELLED]))
    trial = fields.Boolean(load_default=False)

    @post_load
    def _with_shifts(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["staffing"] = [
            _entry(index, entry, data) for index, entry in enumerate(data["staffing"])
        ]
        return data


class PersonMessage(Tolerant):
    """A person as identity announces them."""

    person_id = fields.String(required=True)
    roles = fields.List(fields.String(), load_default=list)
    state = fields.String(load_default="active")


class PressureMessage(Tolerant):
    """A line as booking measures it: too long a wait, or calm again."""

    state = fields.String(required=True, validate=validate.OneOf(["high", "eased"]))
    free_benches = fields.Integer(load_default=0, validate=validate.Range(min=0))
    at = Instant(required=True)


class AttendanceMessage(Tolerant):
    """An enrolment in a training, after its attendance was marked."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_id = fields.String(required=True)
    state = fields.String(required=True)


class SectionMessage(Tolerant):
    """When a lesson of the day begins and ends, in local time."""

    starts = fields.String(required=True)
    ends = fields.String(required=True)


class CompletionMessage(Tolerant):
    """A training that somebody completed, or of which that was taken back."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_id = fields.String(required=True)
    offering_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["completed", "withdrawn"]))


class CalendarMessage(Tolerant):
    """A term as the catalog announces it."""

    id = fields.String(required=True)
    name = fields.Dict(required=True)
    starts_on = fields.Date(required=True)
    weeks = fields.Integer(required=True, validate=validate.Range(1, 60))
    exam_weeks = fields.List(fields.Integer(), load_default=list)
    holidays = fields.List(fields.Dict(), load_default=list)
    moved_days = fields.List(fields.Dict(), load_default=list)
    sections = fields.List(fields.Nested(SectionMessage), load_default=list)
    state = fields.String(load_default="active")


def _entry(index: int, entry: dict[str, Any], session: dict[str, Any]) -> Staffing:
    at_most = entry["at_most"] if entry["at_most"] is not None else entry["needed"]
    return Staffing(
        position=index if entry["position"] is None else entry["position"],
        role=entry["role"],
        skill=entry["skill"] or None,
        level=entry["level"],
        needed=entry["needed"],
        at_most=max(at_most, 0),
        starts_at=entry["starts_at"] or session["starts_at"],
        ends_at=entry["ends_at"] or session["ends_at"],
    )
