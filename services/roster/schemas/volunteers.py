"""Shapes of volunteers: what they can do and how it was confirmed; names are identity's."""

from typing import Any

from marshmallow import fields, validate

from services.roster.models import VolunteerSkill
from services.roster.models.sign_off import NOTE_MOST
from services.roster.schemas.skills import CODE, skill_codes
from shared.clock import now
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema, page_of

MOST_PEOPLE = 200


class HeldSkillSchema(Schema):
    """A skill that was granted: its level, who confirmed it when, until when it counts."""

    skill = fields.String(required=True)
    level = fields.Integer(required=True)
    granted_by = fields.String(
        required=True, metadata={"description": "a person's id, or `training`"}
    )
    granted_at = Instant(required=True)
    expires_at = Instant(allow_none=True, required=True)
    holds = fields.Boolean(required=True, metadata={"description": "it has not expired"})

    def get_attribute(self, obj: VolunteerSkill, attr: str, default: Any) -> Any:
        """Tell whether it counts now."""
        return obj.holds(now()) if attr == "holds" else getattr(obj, attr)


class VolunteerSchema(Schema):
    """A volunteer with the skills granted to them, and what they have served."""

    person_id = fields.String(required=True)
    active = fields.Boolean(
        required=True, metadata={"description": "has the role and may take shifts"}
    )
    skills = fields.List(
        fields.String(), required=True, metadata={"description": "those that count now"}
    )
    grants = fields.List(fields.Nested(HeldSkillSchema), required=True)
    newcomer = fields.Boolean(required=True)
    minutes = fields.Integer(required=True, metadata={"description": "served, without trials"})
    shifts = fields.Integer(required=True, metadata={"description": "served, without trials"})


class GrantSchema(Schema):
    """The skills that a volunteer is to have from now on."""

    skills = skill_codes()


class SkillLevelSchema(Schema):
    """A skill at a level; null for no end."""

    level = fields.Integer(required=True, validate=validate.Range(1, 3))
    expires_at = Instant(required=True, allow_none=True)


class NewcomerSchema(Schema):
    """Whether somebody is still new."""

    newcomer = fields.Boolean(required=True)


class VolunteerQuery(PageQuery):
    """Narrow the volunteers: by a skill, by one that ends soon, to newcomers, to some people."""

    skill = fields.String(load_default=None)
    expiring_days = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 366),
        metadata={"description": "a skill ends within so many days, or has ended"},
    )
    newcomer = fields.Boolean(load_default=None)
    person_ids = fields.String(
        load_default=None,
        validate=validate.Length(max=37 * MOST_PEOPLE),
        metadata={"description": f"at most {MOST_PEOPLE} ids, separated by commas"},
    )


class NewSignOffSchema(Schema):
    """What somebody saw of a volunteer's work."""

    person_id = fields.UUID(required=True)
    skill = fields.String(required=True, validate=validate.Regexp(CODE))
    level = fields.Integer(required=True, validate=validate.Range(1, 3))
    passed = fields.Boolean(required=True)
    note = PersonText(NOTE_MOST, load_default="")


class SignOffSchema(Schema):
    """A sign-off, with who and when."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    skill = fields.String(required=True)
    level = fields.Integer(required=True)
    passed = fields.Boolean(required=True)
    note = fields.String(required=True)
    signed_by = fields.String(required=True)
    signed_at = Instant(required=True)


class TrainedSchema(Schema):
    """A training somebody attended; `completed` with its quiz, if it has one; `waits` for a practical sign-off."""

    person_id = fields.String(required=True)
    session_id = fields.String(required=True)
    session_title = LocalText(required=True)
    starts_at = Instant(required=True)
    skill = fields.String(allow_none=True, required=True)
    waits = fields.Boolean(required=True)
    completed = fields.Boolean(required=True)


class TrainedListSchema(Schema):
    """Who waits for a sign-off, the newest training first; at most 200."""

    items = fields.List(fields.Nested(TrainedSchema), required=True)


class WaySchema(Schema):
    """How somebody came by their skills."""

    sign_offs = fields.List(fields.Nested(SignOffSchema), required=True)
    trainings = fields.List(fields.Nested(TrainedSchema), required=True)


VolunteerPage = page_of(VolunteerSchema)
