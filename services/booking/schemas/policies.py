"""Shapes of an offering's policy, of what it means for a week, and of what binds in a session."""

from marshmallow import fields, validate

from services.booking.models.category import BY_ID
from services.booking.models.term import KINDS
from shared.schemas import Instant, LocalText, Schema

LONGEST_NOTICE, LONGEST_CUTOFF, LONGEST_BUFFER = 14 * 1440, 30 * 1440, 120


def _whole(least: int, most: int, *, optional: bool = True) -> fields.Integer:
    bounds = validate.Range(least, most)
    if optional:
        return fields.Integer(load_default=None, allow_none=True, validate=bounds)
    return fields.Integer(load_default=least, validate=bounds)


class TakenCategory(Schema):
    """A category that is taken, and the minutes it usually needs (null: as the offering says)."""

    id = fields.Integer(required=True, strict=True, validate=validate.Range(min(BY_ID), max(BY_ID)))
    minutes = _whole(1, 480)


class Blackout(Schema):
    """Days on which nothing can be booked, both included, and why."""

    from_ = fields.Date(data_key="from", attribute="from", required=True)
    to = fields.Date(required=True)
    note = LocalText(required=True)


class PolicyFieldsSchema(Schema):
    """The rules; what is null is as the session says. `opens_at` is a time of day at the venue."""

    opens_days = _whole(0, 180)
    opens_at = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Not a time of day."),
    )
    horizon_days = _whole(1, 365)
    notice_minutes = _whole(0, LONGEST_NOTICE, optional=False)
    cancel_cutoff_minutes = _whole(0, LONGEST_CUTOFF)
    move_cutoff_minutes = _whole(0, LONGEST_CUTOFF)
    buffer_minutes = _whole(0, LONGEST_BUFFER, optional=False)
    max_devices = _whole(1, 20)
    week_limit = _whole(1, 50)
    term_limit = _whole(1, 500)
    categories = fields.List(
        fields.Nested(TakenCategory), load_default=list, validate=validate.Length(max=len(BY_ID))
    )
    blackouts = fields.List(
        fields.Nested(Blackout), load_default=list, validate=validate.Length(max=60)
    )
    closed_on_holidays = fields.Boolean(load_default=False)
    closed_in_exam_weeks = fields.Boolean(load_default=False)
    waiver = LocalText(long=True, load_default=None, allow_none=True)


class BookingPolicySchema(PolicyFieldsSchema):
    """A policy with its version; 0 where none has been written yet."""

    offering_id = fields.String(required=True)
    version = fields.Integer(required=True)
    waiver_version = fields.Integer(required=True, allow_none=True)


class PreviewRequest(PolicyFieldsSchema):
    """A policy that is not saved yet, and any day of the week that is asked about."""

    week = fields.Date(required=True)


class SentenceSchema(Schema):
    """A sentence with its code."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class PreviewSlotSchema(Schema):
    """A slot and its last moments."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    book_until = Instant(required=True)
    cancel_until = Instant(required=True)
    move_until = Instant(required=True)


class PreviewSessionSchema(Schema):
    """What the policy would mean for a session, and what a student would be told now."""

    id = fields.String(required=True)
    title = LocalText(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    opens_by = fields.String(
        required=True, validate=validate.OneOf(["session", "opening", "horizon"])
    )
    max_devices = fields.Integer(required=True)
    slots = fields.List(fields.Nested(PreviewSlotSchema), required=True)
    told = fields.Nested(SentenceSchema, required=True)
    told_today = fields.Nested(SentenceSchema, required=True)
    notes = fields.List(fields.Nested(SentenceSchema), required=True)


class PreviewDaySchema(Schema):
    """A day of the week: what the calendar says, and its sessions."""

    on = fields.Date(required=True)
    term = LocalText(required=True, allow_none=True)
    week = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True, validate=validate.OneOf(KINDS))
    name = LocalText(required=True, allow_none=True)
    follows = fields.Integer(required=True, allow_none=True)
    closed_for = LocalText(required=True, allow_none=True)
    sessions = fields.List(fields.Nested(PreviewSessionSchema), required=True)


class PreviewSchema(Schema):
    """A week, Monday first. `told` is after saving, `told_today` as things are now."""

    days = fields.List(fields.Nested(PreviewDaySchema), required=True)


class WaiverSchema(Schema):
    """The waiver that holds, and whether the asker has agreed to it (null: not signed in)."""

    version = fields.Integer(required=True)
    text = LocalText(long=True, required=True)
    agreed = fields.Boolean(required=True, allow_none=True)


class LimitSchema(Schema):
    """How many bookings one may hold in a period, and how many the asker does."""

    most = fields.Integer(required=True)
    held = fields.Integer(required=True, allow_none=True)


class RulesSchema(Schema):
    """What binds in a session."""

    session_id = fields.String(required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    notice_minutes = fields.Integer(required=True)
    cancel_cutoff_minutes = fields.Integer(required=True)
    move_cutoff_minutes = fields.Integer(required=True)
    max_devices = fields.Integer(required=True)
    categories = fields.List(fields.Integer(), required=True)
    week = fields.Nested(LimitSchema, required=True, allow_none=True)
    term = fields.Nested(LimitSchema, required=True, allow_none=True)
    closed_for = LocalText(required=True, allow_none=True)
    waiver = fields.Nested(WaiverSchema, required=True, allow_none=True)
