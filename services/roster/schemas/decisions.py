"""The shape of a decision about an objection."""

from marshmallow import fields

from services.roster.models.objection import WORDS_MOST
from services.roster.schemas.hours import RightSchema
from shared.schemas import PersonText, Schema


class DecisionSchema(Schema):
    """Upheld or not, why, and (upheld) which times are right."""

    upheld = fields.Boolean(required=True)
    answer = PersonText(WORDS_MOST, least=1, lines=True, required=True)
    right = fields.Nested(RightSchema, load_default=None, allow_none=True)
