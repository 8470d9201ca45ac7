"""Shapes of skills."""

from marshmallow import fields, validate

from shared.schemas import LocalText, Schema

CODE = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class SkillSchema(Schema):
    """A skill that shifts ask for."""

    code = fields.String(required=True)
    title = LocalText(required=True)


class SkillTitleSchema(Schema):
    """What may be said about a skill: its title in both languages."""

    title = LocalText(required=True)


class SkillListSchema(Schema):
    """Every skill; there are few, so they come on one page."""

    items = fields.List(fields.Nested(SkillSchema), required=True)
    next_cursor = fields.String(allow_none=True, required=True)


def skill_codes() -> fields.List:
    """Return the field for a set of skill codes."""
    code = fields.String(validate=validate.Regexp(CODE))
    return fields.List(code, required=True, validate=validate.Length(max=50))
