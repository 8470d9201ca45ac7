"""Shapes of skills."""

from marshmallow import fields, validate

from services.roster.models.skill import PROOFS
from shared.schemas import LocalText, Schema

CODE = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class SkillSchema(Schema):
    """A skill that shifts ask for."""

    code = fields.String(required=True)
    title = LocalText(required=True)
    offering_id = fields.String(allow_none=True, required=True)
    proof = fields.String(required=True)
    valid_months = fields.Integer(allow_none=True, required=True)


class SkillTitleSchema(Schema):
    """What may be said about a skill: its title, the training that leads to it, how long it holds.

    What is not said stays as it is. `proof` is what comes after the training: nothing, or a
    practical sign-off.
    """

    title = LocalText(required=True)
    offering_id = fields.UUID(allow_none=True)
    proof = fields.String(validate=validate.OneOf(PROOFS))
    valid_months = fields.Integer(allow_none=True, validate=validate.Range(1, 120))


class SkillListSchema(Schema):
    """Every skill; there are few, so they come on one page."""

    items = fields.List(fields.Nested(SkillSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)


def skill_codes() -> fields.List:
    """Return the field for a set of skill codes."""
    code = fields.String(validate=validate.Regexp(CODE))
    return fields.List(code, required=True, validate=validate.Length(max=50))
