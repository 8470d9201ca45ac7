"""Shapes of the scores of told waiting ranges."""

from marshmallow import fields

from services.booking.schemas.common import IdField
from shared.schemas import Instant, LocalText, PageQuery, Schema, page_of


class WaitScoreSchema(Schema):
    """One session's score; `share` of 1, widths in minutes."""

    session_id = IdField(required=True)
    title = LocalText(required=True)
    starts_at = Instant(required=True)
    told = fields.Integer(required=True)
    inside = fields.Integer(required=True)
    untold = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)
    width = fields.Float(required=True)
    naive_width = fields.Float(required=True)


class WaitScoreQuery(PageQuery):
    """Sessions that began in [from, to)."""

    from_ = Instant(data_key="from", required=True)
    to = Instant(required=True)


WaitScorePage = page_of(WaitScoreSchema)
