"""Shapes of hours: what counts now, the entries of the ledger, corrections, policies."""

from operator import attrgetter
from typing import Any

from marshmallow import fields, validate

from services.roster.models.hours import KINDS, LOOKS, REASON_MOST
from services.roster.models.policy import ROUNDINGS
from services.roster.queries.hours import SHOWS, HoursView
from services.roster.schemas.objections import ObjectionSchema
from shared.clock import now
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class EntrySchema(Schema):
    """A line of the ledger: what counts from then on (`minutes`), and what it adds (`change`)."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    minutes = fields.Integer(required=True)
    change = fields.Integer(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True)
    pause_minutes = fields.Integer(required=True)
    reason = fields.String(required=True)
    noted_by = fields.String(required=True)
    recorded_at = Instant(required=True)


class PolicySchema(Schema):
    """A version of the policy: the minutes of a person's day are added up, rounded, then capped."""

    version = fields.Integer(required=True)
    rounding = fields.String(required=True, validate=validate.OneOf(ROUNDINGS))
    step_minutes = fields.Integer(required=True)
    day_cap_minutes = fields.Integer(required=True, allow_none=True)
    objection_days = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    made_by = fields.String(required=True)
    made_at = Instant(required=True)


class PolicyListSchema(Schema):
    """Every version, the newest first, and the one that holds today."""

    items = fields.List(fields.Nested(PolicySchema), required=True)
    current = fields.Nested(PolicySchema, required=True)


class RoundingSchema(Schema):
    """How the minutes of a person's day are rounded and capped."""

    rounding = fields.String(required=True, validate=validate.OneOf(ROUNDINGS))
    step_minutes = fields.Integer(required=True, validate=validate.Range(1, 240))
    day_cap_minutes = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(60, 1440)
    )


class TryPolicySchema(RoundingSchema):
    """A rounding to be tried on some days."""

    minutes = fields.List(
        fields.Integer(validate=validate.Range(0, 1440)),
        required=True,
        validate=validate.Length(1, 20),
    )


class TriedSchema(Schema):
    """The minutes of a day, and what is shown for them."""

    minutes = fields.Integer(required=True)
    shown = fields.Integer(required=True)


class TriedListSchema(Schema):
    """What a rounding makes of some days."""

    items = fields.List(fields.Nested(TriedSchema), required=True)


class NewPolicySchema(RoundingSchema):
    """The version after the one that was `seen`."""

    objection_days = fields.Integer(required=True, validate=validate.Range(1, 60))
    valid_from = fields.Date(required=True)
    seen = fields.Integer(required=True)


class HoursSchema(Schema):
    """The minutes that one assignment served, as they count now, with all entries they follow from."""

    assignment_id = fields.String(required=True)
    version = fields.Integer(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    session_title = LocalText(required=True)
    venue_name = LocalText(required=True)
    zone = fields.String(required=True)
    role = LocalText(required=True)
    shift_starts_at = Instant(required=True)
    shift_ends_at = Instant(required=True)
    minutes = fields.Integer(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True)
    pause_minutes = fields.Integer(required=True)
    closed_by_rule = fields.Boolean(required=True)
    trial = fields.Boolean(required=True, metadata={"description": "left out of the total"})
    recorded_at = Instant(required=True)
    served_on = fields.Date(required=True)
    month = fields.String(required=True)
    look = fields.String(required=True, validate=validate.OneOf(["", *LOOKS]))
    entries = fields.List(fields.Nested(EntrySchema), required=True)
    objections = fields.List(fields.Nested(ObjectionSchema), required=True)
    object_until = Instant(required=True)
    can_object = fields.Boolean(required=True)
    policy_version = fields.Integer(
        required=True, metadata={"description": "the policy its day is rounded by"}
    )

    def get_attribute(self, obj: HoursView, attr: str, default: Any) -> Any:
        """Read a field of the hours, their shift or their session."""
        if attr == "can_object":
            return obj.can_object(now())
        if attr in ("entries", "objections", "object_until"):
            return getattr(obj, attr)
        return attrgetter(PATHS.get(attr, f"hours.{attr}"))(obj)


PATHS = {
    "session_title": "hours.assignment.session.title",
    "venue_name": "hours.assignment.session.venue_name",
    "zone": "hours.assignment.session.zone",
    "role": "hours.assignment.shift.role",
    "shift_starts_at": "hours.assignment.starts_at",
    "shift_ends_at": "hours.assignment.ends_at",
    "policy_version": "policy.version",
}


class HoursPage(Schema):
    """One page of hours, newest first, and the total of all pages without trials.

    `rounded_minutes` is what the policies make of it, where one person is asked about; `policy` is
    the version that holds today.
    """

    items = fields.List(fields.Nested(HoursSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)
    total_minutes = fields.Integer(required=True)
    rounded_minutes = fields.Integer(allow_none=True, required=True)
    policy = fields.Nested(PolicySchema, required=True)


class HoursQuery(PageQuery):
    """Whose hours, of which month, and which of them; everybody's where nobody is named."""

    person_id = fields.String(load_default=None)
    person_ids = fields.String(load_default=None, metadata={"description": "ids with commas"})
    month = fields.String(load_default=None, validate=validate.Regexp(MONTH))
    show = fields.String(load_default=None, validate=validate.OneOf(SHOWS))


class RightSchema(Schema):
    """What is right: from when to when, and what of it does not count."""

    checked_in_at = Instant(required=True)
    checked_out_at = Instant(required=True)
    pause_minutes = fields.Integer(load_default=0, validate=validate.Range(0, 960))
    reason = PersonText(REASON_MOST, load_default="")


class CorrectionSchema(RightSchema):
    """A correction, made against the version that was `seen` (0: nothing was recorded)."""

    seen = fields.Integer(required=True)


class TotalSchema(Schema):
    """What one person served: exact, and rounded by the policies, day by day."""

    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True)
    rounded = fields.Integer(required=True)


class TotalListSchema(Schema):
    """What people served, of one month or in all; those with none are left out."""

    items = fields.List(fields.Nested(TotalSchema), required=True)


class TotalQuery(Schema):
    """Of which month; of all where none is named."""

    month = fields.String(load_default=None, validate=validate.Regexp(MONTH))
