"""Shapes of custody: what is written down, what the shelf shows, what its owner sees."""

from marshmallow import fields, validate

from services.booking.models.custody import ACCESSORIES, FATES, PROOFS
from services.booking.queries.custody import VIEWS
from services.booking.schemas.common import IdField, SessionSummarySchema
from shared.schemas import Instant, PageQuery, PersonText, Schema, page_of

MOST_PHOTOS = 6


def _accessories(**given: object) -> fields.List:
    one = fields.String(validate=validate.OneOf(ACCESSORIES))
    return fields.List(one, validate=validate.Length(max=len(ACCESSORIES)), **given)  # type: ignore[arg-type]  # keywords of a field


class KeepRequest(Schema):
    """What stays, with what, where; `ready` unless said: as soon as it has an outcome."""

    shelf = PersonText(40, least=1, required=True)
    accessories = _accessories(load_default=list)
    accessories_note = PersonText(400, load_default="")
    condition = PersonText(1000, lines=True, load_default="")
    photos = fields.List(IdField(), load_default=list, validate=validate.Length(max=MOST_PHOTOS))
    ready = fields.Boolean(load_default=None, allow_none=True)


class AmendRequest(Schema):
    """What stands on it now; what is left out stays."""

    shelf = PersonText(40, least=1)
    accessories = _accessories()
    accessories_note = PersonText(400)
    condition = PersonText(1000, lines=True)


class PickUpRequest(Schema):
    """How the owner was known: their code, or (coordinators) a card that was looked at.

    A device that failed its safety test goes home `disabled`, acknowledged by whoever takes it.
    """

    proof = fields.String(load_default="code", validate=validate.OneOf(PROOFS))
    code = PersonText(20, load_default="")
    disabled = fields.Boolean(load_default=False)
    acknowledged_by = PersonText(120, load_default="")


class DisposeRequest(Schema):
    """What becomes of it."""

    fate = fields.String(required=True, validate=validate.OneOf(FATES))
    note = PersonText(400, load_default="")


class PutOffRequest(Schema):
    """Until when it is kept on."""

    until = Instant(required=True)


class CustodyQuery(PageQuery):
    """Which devices; `q` is a tag, a number or a shelf."""

    view = fields.String(load_default="held", validate=validate.OneOf(VIEWS))
    q = PersonText(40, load_default=None, allow_none=True)


class CustodySchema(Schema):
    """A device that is, or was, kept here."""

    id = fields.String(required=True)
    ticket_id = fields.String(required=True)
    visit_id = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    number = fields.String(required=True)
    tag = fields.String(required=True)
    state = fields.String(required=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    problem = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)
    ticket_state = fields.String(required=True)
    safety = fields.String(required=True, allow_none=True)
    power = fields.String(required=True, allow_none=True)
    accessories = fields.List(fields.String(), required=True)
    accessories_note = fields.String(required=True)
    condition = fields.String(required=True)
    photos = fields.List(fields.String(), required=True)
    shelf = fields.String(required=True)
    stored_at = Instant(required=True)
    stored_by = fields.String(required=True)
    ready_at = Instant(required=True, allow_none=True)
    keep_until = Instant(required=True, allow_none=True)
    decide_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)
    proof = fields.String(required=True, allow_none=True)
    fate = fields.String(required=True, allow_none=True)
    fate_note = fields.String(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    version = fields.Integer(required=True)


class SlipSchema(CustodySchema):
    """What is printed: for somebody without an account also the code and the key of their link."""

    code = fields.String(required=True, allow_none=True)
    key = fields.String(required=True, allow_none=True)


class KeptSchema(Schema):
    """One's own device that is kept here; the code is there for its owner only."""

    id = fields.String(required=True)
    ticket_id = fields.String(required=True)
    tag = fields.String(required=True)
    state = fields.String(required=True)
    accessories = fields.List(fields.String(), required=True)
    accessories_note = fields.String(required=True)
    condition = fields.String(required=True)
    photos = fields.List(fields.String(), required=True)
    stored_at = Instant(required=True)
    ready_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)
    fate = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)


class PolicyRequest(Schema):
    """Days until the same device is no rework any more, and until one decides about it."""

    rework_days = fields.Integer(required=True, strict=True, validate=validate.Range(0, 365))
    disposal_days = fields.Integer(required=True, strict=True, validate=validate.Range(14, 730))


class PolicySchema(PolicyRequest):
    """The same with its version, 0 before anybody changed it."""

    version = fields.Integer(required=True)


class CustodySummarySchema(Schema):
    """How many devices each view has."""

    held = fields.Integer(required=True)
    stored = fields.Integer(required=True)
    ready = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    decide = fields.Integer(required=True)


CustodyPage = page_of(CustodySchema)
