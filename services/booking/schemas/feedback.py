"""Shapes of feedback, reworks and the repair memory."""

from marshmallow import fields, validate

from services.booking.schemas.common import IdField
from services.booking.schemas.visits import KeyRequest
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema, page_of


class FeedbackRequest(KeyRequest):
    """Whether it still works, and optional words; `key` for somebody without an account."""

    works = fields.Boolean(required=True)
    words = PersonText(1000, lines=True, load_default="")


class FeedbackSchema(Schema):
    """One's own answer about one's own device."""

    ticket_id = fields.String(required=True)
    visit_id = fields.String(required=True, allow_none=True)
    session_id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    works = fields.Boolean(required=True, allow_none=True)
    words = fields.String(required=True)
    can = fields.Boolean(required=True)


class FeedbackQuery(PageQuery):
    """Which answers."""

    works = fields.Boolean(load_default=None, allow_none=True)


class AnswerSchema(Schema):
    """What somebody said of a device; no person and no volunteer is in it."""

    ticket_id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    title = LocalText(required=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    closed_at = Instant(required=True)
    works = fields.Boolean(required=True)
    words = fields.String(required=True)
    answered_at = Instant(required=True)


class SummaryQuery(Schema):
    """Of tickets closed since when."""

    since = Instant(required=True)


class CategoryHolds(Schema):
    """One kind of device, from five answers on."""

    category_id = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    works = fields.Integer(required=True)


class HoldsSummarySchema(Schema):
    """How repairs hold; `share` of 1, null without answers."""

    fixed = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    works = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)
    reworks = fields.Integer(required=True)
    categories = fields.List(fields.Nested(CategoryHolds), required=True)


class ReworkQuery(Schema):
    """Whose earlier repairs: one's own; the desk: somebody's, or those of a number."""

    person_id = IdField(load_default=None, allow_none=True)
    number = PersonText(12, load_default=None, allow_none=True)


class EarlierSchema(Schema):
    """An earlier repair that a device can be back from."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    status = fields.String(required=True)
    closed_at = Instant(required=True)


class EarliersSchema(Schema):
    """Earlier repairs, the latest first."""

    items = fields.List(fields.Nested(EarlierSchema), required=True)


class CodeCount(Schema):
    """A finding or an action, and on how many devices."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    devices = fields.Integer(required=True)


class ScopeSchema(Schema):
    """Such devices, from the narrowest circle to the widest."""

    scope = fields.String(required=True, validate=validate.OneOf(["model", "brand", "category"]))
    devices = fields.Integer(required=True)
    fixed = fields.Integer(required=True)
    findings = fields.List(fields.Nested(CodeCount), required=True)
    actions = fields.List(fields.Nested(CodeCount), required=True)
    barriers = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class EarlierRepair(Schema):
    """The repair that a device is back from, and who should look at it again."""

    id = fields.String(required=True)
    closed_at = Instant(required=True)
    status = fields.String(required=True, allow_none=True)
    findings = fields.List(fields.Nested(CodeCount), required=True)
    actions = fields.List(fields.Nested(CodeCount), required=True)
    volunteer_id = fields.String(required=True, allow_none=True)
    suggested = fields.List(fields.String(), required=True)


class MemorySchema(Schema):
    """What was found before on such devices."""

    scopes = fields.List(fields.Nested(ScopeSchema), required=True)
    earlier = fields.Nested(EarlierRepair, required=True, allow_none=True)


AnswerPage = page_of(AnswerSchema)
