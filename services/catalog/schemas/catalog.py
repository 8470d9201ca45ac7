"""Shapes of offerings, venues and programmes."""

from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from services.catalog.models.offering import KINDS, STATES
from shared.schemas import LocalText, PageQuery, PersonText, Schema, page_of

ORDS_CATEGORIES = validate.Range(1, 100)
SKILL = 60


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Must be one of: Asia/Shanghai, Europe/Berlin, ….")


class RoleNeedSchema(Schema):
    """How many volunteers of a role a session usually needs."""

    role = LocalText(required=True)
    skill = PersonText(SKILL, allow_none=True, load_default=None)
    needed = fields.Integer(required=True, validate=validate.Range(1, 50))
    at_most = fields.Integer(required=True, validate=validate.Range(1, 50))


class OfferingFieldsSchema(Schema):
    """What staff say about an offering. ``categories``: Open Repair Data ids, empty means all."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = LocalText(required=True)
    summary = LocalText(long=True, load_default=lambda: {"zh": "", "en": ""})
    skill = PersonText(SKILL, allow_none=True, load_default=None)
    categories = fields.List(
        fields.Integer(validate=ORDS_CATEGORIES),
        load_default=list,
        validate=validate.Length(max=100),
    )
    minutes_per_device = fields.Integer(load_default=30, validate=validate.Range(1, 480))
    devices_per_bench = fields.Integer(load_default=1, validate=validate.Range(1, 20))
    max_devices = fields.Integer(load_default=1, validate=validate.Range(1, 10))
    cancel_cutoff_minutes = fields.Integer(load_default=60, validate=validate.Range(0, 10_080))
    staffing = fields.List(fields.Nested(RoleNeedSchema), validate=validate.Length(max=20))


class OfferingSchema(OfferingFieldsSchema):
    """An offering."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    suggested_staffing = fields.List(fields.Nested(RoleNeedSchema), required=True)


class VenueFieldsSchema(Schema):
    """What staff say about a venue."""

    name = LocalText(required=True)
    place = LocalText(long=True, load_default=lambda: {"zh": "", "en": ""})
    stations = fields.Integer(load_default=0, validate=validate.Range(0, 200))
    seats = fields.Integer(load_default=0, validate=validate.Range(0, 5_000))
    zone = fields.String(load_default="Asia/Shanghai", validate=_known_zone)


class VenueSchema(VenueFieldsSchema):
    """A venue."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class ProgrammeFieldsSchema(Schema):
    """What staff say about a programme."""

    title = LocalText(required=True)
    summary = LocalText(long=True, load_default=lambda: {"zh": "", "en": ""})
    theme_day = fields.Date(allow_none=True, load_default=None)


class ProgrammeSchema(ProgrammeFieldsSchema):
    """A programme."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


OfferingPage = page_of(OfferingSchema)
VenuePage = page_of(VenueSchema)
ProgrammePage = page_of(ProgrammeSchema)


class StateQuery(PageQuery):
    """In which state."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class OfferingQuery(StateQuery):
    """Of which kind, in which state."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
