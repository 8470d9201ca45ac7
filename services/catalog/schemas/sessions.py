"""Shapes of sessions and series."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalog.models.offering import KINDS
from services.catalog.models.plan import OPENINGS
from services.catalog.models.session import SCOPES, STATES, THIS
from services.catalog.schemas.catalog import SKILL, ProgrammeSchema
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema, page_of

ID = validate.Length(1, 36)


def _this_century(instant: datetime) -> None:
    if not 2000 <= instant.year < 2200:
        raise ValidationError("Not an instant.")


class NeedSchema(Schema):
    """Volunteers needed; without times for the whole session."""

    position = fields.Integer(
        allow_none=True,
        validate=validate.Range(0, 10_000),
        metadata={"description": "the entry's key; leave it out for a new one"},
    )
    role = LocalText(required=True)
    skill = PersonText(SKILL, allow_none=True, load_default=None)
    level = fields.Integer(
        validate=validate.Range(1, 3), metadata={"description": "the least level of the skill"}
    )
    needed = fields.Integer(required=True, validate=validate.Range(1, 50))
    at_most = fields.Integer(allow_none=True, validate=validate.Range(1, 50))
    starts_at = Instant(allow_none=True, validate=_this_century)
    ends_at = Instant(allow_none=True, validate=_this_century)


class SessionFieldsSchema(Schema):
    """What staff say about a session; what is left out is suggested by offering and venue."""

    offering_id = fields.String(required=True, validate=ID)
    venue_id = fields.String(required=True, validate=ID)
    programme_id = fields.String(allow_none=True, load_default=None, validate=ID)
    title = LocalText(allow_none=True, load_default=None)
    starts_at = Instant(required=True, validate=_this_century)
    ends_at = Instant(required=True, validate=_this_century)
    slot_minutes = fields.Integer(allow_none=True, load_default=None)
    benches = fields.Integer(allow_none=True, load_default=None, validate=validate.Range(0, 200))
    seats = fields.Integer(allow_none=True, load_default=None, validate=validate.Range(0, 5_000))
    booking_opens_at = Instant(allow_none=True, load_default=None, validate=_this_century)
    booking_closes_at = Instant(allow_none=True, load_default=None, validate=_this_century)
    opening = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(OPENINGS))
    opens_when_staffed = fields.Boolean(allow_none=True, load_default=None)
    staffing = fields.List(fields.Nested(NeedSchema), validate=validate.Length(max=20))


class NewSessionSchema(SessionFieldsSchema):
    """A session to be planned. A trial counts in no statistics."""

    trial = fields.Boolean(load_default=False)


class WeeklySchema(Schema):
    """How often, or until which day (at the venue, included); `skip` are days left out."""

    count = fields.Integer()
    until = fields.Date()
    skip = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=20))

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("count" in data) == ("until" in data):
            raise ValidationError({"count": ["Missing data for required field."]})


class NewSeriesSchema(NewSessionSchema):
    """A session that repeats weekly."""

    weekly = fields.Nested(WeeklySchema, required=True)


class ChangedSessionSchema(SessionFieldsSchema):
    """A session as it shall be, and which others of its series follow."""

    scope = fields.String(load_default=THIS, validate=validate.OneOf(SCOPES))


class ScopeSchema(Schema):
    """Which sessions of the series are meant."""

    scope = fields.String(load_default=THIS, validate=validate.OneOf(SCOPES))


class CancelSchema(ScopeSchema):
    """Why a session does not take place, in words for everybody who booked."""

    reason = LocalText(required=True)


class CopySchema(Schema):
    """When the copy starts."""

    starts_at = Instant(required=True, validate=_this_century)


class SessionSchema(Schema):
    """A session."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    series_id = fields.String(required=True, allow_none=True)
    detached = fields.Boolean(required=True)
    programme_id = fields.String(required=True, allow_none=True)
    offering_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = LocalText(required=True)
    summary = LocalText(long=True, required=True)
    venue_id = fields.String(required=True)
    venue_name = LocalText(required=True)
    venue_place = LocalText(long=True, required=True)
    zone = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    slot_minutes = fields.Integer(required=True, allow_none=True)
    benches = fields.Integer(required=True)
    seats = fields.Integer(required=True)
    booking_opens_at = Instant(required=True)
    booking_closes_at = Instant(required=True)
    categories = fields.List(fields.Integer(), required=True)
    minutes_per_device = fields.Integer(required=True)
    devices_per_bench = fields.Integer(required=True)
    max_devices = fields.Integer(required=True)
    cancel_cutoff_minutes = fields.Integer(required=True)
    staffing = fields.List(fields.Nested(NeedSchema), required=True, attribute="announced_staffing")
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = LocalText(required=True, allow_none=True)
    trial = fields.Boolean(required=True)
    opening = fields.String(required=True, validate=validate.OneOf(OPENINGS))
    opens_when_staffed = fields.Boolean(required=True)


SessionPage = page_of(SessionSchema)


class SessionActSchema(SessionSchema):
    """A session after an act, and how many of its series the act was about."""

    affected = fields.Integer(required=True)


class SeriesSchema(Schema):
    """A series that was planned, with its sessions."""

    series_id = fields.String(required=True)
    sessions = fields.List(fields.Nested(SessionSchema), required=True)


class ProgrammeWithSessionsSchema(ProgrammeSchema):
    """A programme with its sessions in the order of their start."""

    sessions = fields.List(fields.Nested(SessionSchema), required=True)


class SessionQuery(PageQuery):
    """Which sessions: those that run between two instants, of what, in which state."""

    from_ = Instant(data_key="from", load_default=None, validate=_this_century)
    to = Instant(load_default=None, validate=_this_century)
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    programme_id = fields.String(load_default=None)
    series_id = fields.String(load_default=None)
    offering_id = fields.String(load_default=None)
    venue_id = fields.String(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
