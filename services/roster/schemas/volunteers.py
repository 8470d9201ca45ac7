"""Shapes of volunteers; names are identity's."""

from marshmallow import fields

from services.roster.schemas.skills import skill_codes
from shared.schemas import PageQuery, Schema, page_of


class VolunteerSchema(Schema):
    """A volunteer with the skills granted to them."""

    person_id = fields.String(required=True)
    active = fields.Boolean(
        required=True, metadata={"description": "has the role and may take shifts"}
    )
    skills = fields.List(fields.String(), required=True)


class GrantSchema(Schema):
    """The skills that a volunteer is to have from now on."""

    skills = skill_codes()


class VolunteerQuery(PageQuery):
    """Narrow the volunteers to those with a skill."""

    skill = fields.String(load_default=None)


VolunteerPage = page_of(VolunteerSchema)
