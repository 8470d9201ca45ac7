"""Shapes of slots and appointments."""

from marshmallow import fields, validate

from services.booking.models.category import BY_ID
from services.booking.schemas.common import IdField, SessionSummarySchema, waiver_field
from shared.schemas import Instant, PageQuery, PersonText, Schema, page_of


class DeviceRequest(Schema):
    """A device somebody brings; only the category must be said."""

    category_id = fields.Integer(
        required=True, strict=True, validate=validate.Range(min(BY_ID), max(BY_ID))
    )
    brand = PersonText(120, load_default="")
    problem = PersonText(4000, lines=True, load_default="")
    photo_id = IdField(load_default=None, allow_none=True)
    rework_of = IdField(load_default=None, allow_none=True)


class BookRequest(Schema):
    """A booking; staff may name the person it is for."""

    slot_id = IdField(required=True)
    devices = fields.List(
        fields.Nested(DeviceRequest), required=True, validate=validate.Length(1, 20)
    )
    person_id = IdField(load_default=None, allow_none=True)
    waiver_version = waiver_field()


class MoveRequest(Schema):
    """Where to move."""

    slot_id = IdField(required=True)
    waiver_version = waiver_field()


class DeviceSchema(Schema):
    """One device of an appointment: its ticket."""

    id = fields.String(required=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    problem = fields.String(required=True)
    photo_id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)


class AppointmentSchema(Schema):
    """An appointment."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    slot_id = fields.String(required=True)
    person_id = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    devices = fields.List(fields.Nested(DeviceSchema), required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["booked", "arrived", "served", "no_show", "cancelled"]),
    )
    number = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    waiver_version = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class MayChange(Schema):
    """What its owner may still do."""

    move = fields.Boolean(required=True)
    cancel = fields.Boolean(required=True)


class UntilSchema(Schema):
    """The last moments to move and to cancel it on one's own."""

    move = Instant(required=True)
    cancel = Instant(required=True)


class DisplacedSchema(Schema):
    """That a volunteer fell away, and the start this place had before."""

    from_ = Instant(required=True)
    at = Instant(required=True)
    accepted_at = Instant(required=True, allow_none=True)


class AppointmentDetailSchema(AppointmentSchema):
    """An appointment with its session and what may be done."""

    session = fields.Nested(SessionSummarySchema, required=True)
    can = fields.Nested(MayChange, required=True)
    until = fields.Nested(UntilSchema, required=True)
    displaced = fields.Nested(DisplacedSchema, required=True, allow_none=True)


class SessionAppointmentsQuery(PageQuery):
    """Which appointments to list."""

    session_id = IdField(required=True)
    state = fields.String(load_default=None)


class SlotSchema(Schema):
    """A slot; counts are devices."""

    id = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    physical_capacity = fields.Integer(required=True)
    open_capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    free = fields.Integer(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(["free", "full", "waiting_for_volunteers", "too_soon", "past"]),
    )


BOOKING_STATES = ["not_yet", "open", "closed", "waiting_for_volunteers", "cancelled", "over"]


class SlotsSchema(Schema):
    """A session's slots in order."""

    session_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(BOOKING_STATES))
    slots = fields.List(fields.Nested(SlotSchema), required=True)
    waiting = fields.Integer(required=True, metadata={"description": "people on the waitlist"})


class AvailabilityQuery(Schema):
    """Which sessions are asked for: ids with commas between, at most 200."""

    session_ids = fields.String(required=True, validate=validate.Length(1, 200 * 37))


class AvailabilitySchema(Schema):
    """What is free in one session (devices of a repair session, seats of others)."""

    session_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(BOOKING_STATES))
    capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    free = fields.Integer(required=True)
    waitlisted = fields.Integer(required=True)
    volunteers = fields.Integer(required=True)


class AvailabilitiesSchema(Schema):
    """What is free in several sessions."""

    items = fields.List(fields.Nested(AvailabilitySchema), required=True)


class AudienceSchema(Schema):
    """How many a change of this session would be told to."""

    appointments = fields.Integer(required=True)
    enrolments = fields.Integer(required=True)
    people = fields.Integer(required=True)


class CategorySchema(Schema):
    """A product category of the Open Repair Data Standard."""

    id = fields.Integer(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    mains = fields.Boolean(required=True)


class CategoriesSchema(Schema):
    """All categories."""

    items = fields.List(fields.Nested(CategorySchema), required=True)


AppointmentPage = page_of(AppointmentDetailSchema)
