"""Shapes of records: what happened to each device, filtered, paged and exported."""

from marshmallow import fields, validate

from services.booking.models.category import BY_ID
from services.booking.models.outcome import BARRIERS, STATUSES
from services.booking.queries.records import CANCELLED, NO_SHOW, SORTS, STILL_OPEN
from services.booking.schemas.common import IdField
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema

OUTCOMES = (*STATUSES, STILL_OPEN, NO_SHOW, CANCELLED)


class RecordFilter(Schema):
    """Which records: days with both ends in the zone of the centre, words, and what else is known."""

    from_ = fields.Date(load_default=None, data_key="from")
    to = fields.Date(load_default=None)
    q = PersonText(200, load_default="")
    offering_id = IdField(load_default=None)
    session_id = IdField(load_default=None)
    category_id = fields.Integer(load_default=None, validate=validate.OneOf(sorted(BY_ID)))
    outcome = fields.String(load_default=None, validate=validate.OneOf(OUTCOMES))
    barrier = fields.String(load_default=None, validate=validate.OneOf(BARRIERS))
    volunteer_id = IdField(load_default=None)
    came = fields.String(load_default=None, validate=validate.OneOf(("booked", "walk_in")))
    trial = fields.Boolean(load_default=False)


class RecordQuery(RecordFilter, PageQuery):
    """A page of them."""

    sort = fields.String(load_default="newest", validate=validate.OneOf(sorted(SORTS)))


class RecordSchema(Schema):
    """One device: who brought it, what was wrong, what came of it. Names of people are identity's."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    offering_id = fields.String(required=True)
    title = LocalText(required=True)
    venue_name = LocalText(required=True)
    starts_at = Instant(required=True)
    trial = fields.Boolean(required=True)
    number = fields.String(required=True, allow_none=True)
    came = fields.String(required=True)
    slot_starts_at = Instant(required=True, allow_none=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    visit_id = fields.String(required=True, allow_none=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    problem = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True)
    standing = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)
    barrier = fields.String(required=True, allow_none=True)
    bench = fields.Integer(required=True, allow_none=True)
    volunteer_id = fields.String(required=True, allow_none=True)
    arrived_at = Instant(required=True, allow_none=True)
    started_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)


class RecordsPage(Schema):
    """One page; the first one counts all that were found, by outcome."""

    items = fields.List(fields.Nested(RecordSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True
    )


class ChoicesQuery(Schema):
    """Of which days, both ends included."""

    from_ = fields.Date(load_default=None, data_key="from")
    to = fields.Date(load_default=None)
    trial = fields.Boolean(load_default=False)


class SessionChoice(Schema):
    """A session that has records."""

    id = fields.String(required=True)
    title = LocalText(required=True)
    starts_at = Instant(required=True)


class OfferingChoice(Schema):
    """An offering that has records."""

    id = fields.String(required=True)
    title = LocalText(required=True)


class ChoicesSchema(Schema):
    """What the filters can be set to in these days."""

    sessions = fields.List(fields.Nested(SessionChoice), required=True)
    offerings = fields.List(fields.Nested(OfferingChoice), required=True)
    categories = fields.List(fields.Integer(), required=True)
    volunteers = fields.List(fields.String(), required=True)
