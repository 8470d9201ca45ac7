"""Shapes of staffing templates, and of changes to the staffing of many sessions."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalog.models.staffing_change import ADD, OPS, REMOVE, SET, TEMPLATE
from services.catalog.schemas.catalog import SKILL, STATES, StateQuery
from services.catalog.schemas.sessions import ID, NeedSchema
from shared.schemas import Instant, LocalText, PersonText, Schema, page_of

MOST_ENTRIES = 20
MOST_SESSIONS = 100
A_DAY = 24 * 60
MINUTE = validate.Range(0, A_DAY)
NUMBER = validate.Range(1, 50)
MISSING = "Missing data for required field."


class EntrySchema(Schema):
    """Volunteers needed, in minutes after a session's start; no end means until it ends."""

    role = LocalText(required=True)
    skill = PersonText(SKILL, allow_none=True, load_default=None)
    level = fields.Integer(load_default=1, validate=validate.Range(1, 3))
    needed = fields.Integer(required=True, validate=NUMBER)
    at_most = fields.Integer(required=True, validate=NUMBER)
    from_minutes = fields.Integer(load_default=0, validate=MINUTE)
    until_minutes = fields.Integer(allow_none=True, load_default=None, validate=MINUTE)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        until = data["until_minutes"]
        if until is not None and until <= data["from_minutes"]:
            raise ValidationError({"until_minutes": ["A shift has to end after it starts."]})
        if data["at_most"] < data["needed"]:
            raise ValidationError({"at_most": ["At most cannot be less than needed."]})
        if data["level"] > 1 and not data["skill"]:
            raise ValidationError({"level": ["A shift without a skill cannot ask for a level."]})


ENTRIES = validate.Length(1, MOST_ENTRIES)


class TemplateFieldsSchema(Schema):
    """What staff say about a template."""

    title = LocalText(required=True)
    entries = fields.List(fields.Nested(EntrySchema), required=True, validate=ENTRIES)


class TemplateSchema(TemplateFieldsSchema):
    """A staffing template."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


TemplatePage = page_of(TemplateSchema)
TemplateQuery = StateQuery


class WishSchema(Schema):
    """What shall be done: `set` and `remove` name a role (in Chinese) and its skill."""

    op = fields.String(required=True, validate=validate.OneOf(OPS))
    role = PersonText(200, load_default="")
    skill = PersonText(SKILL, allow_none=True, load_default=None)
    needed = fields.Integer(allow_none=True, load_default=None, validate=NUMBER)
    at_most = fields.Integer(allow_none=True, load_default=None, validate=NUMBER)
    level = fields.Integer(allow_none=True, load_default=None, validate=validate.Range(1, 3))
    entries = fields.List(
        fields.Nested(EntrySchema), load_default=list, validate=validate.Length(max=MOST_ENTRIES)
    )

    @validates_schema
    def _is_whole(self, data: dict[str, Any], **_: Any) -> None:
        if data["op"] in (SET, REMOVE) and not data["role"]:
            raise ValidationError({"role": [MISSING]})
        if data["op"] in (ADD, TEMPLATE) and not data["entries"]:
            raise ValidationError({"entries": [MISSING]})
        said = [data[name] for name in ("needed", "at_most", "level")]
        if data["op"] == SET and all(value is None for value in said):
            raise ValidationError({"needed": [MISSING]})


class SeenSessionSchema(Schema):
    """A session as it was looked at."""

    id = fields.String(required=True, validate=ID)
    version = fields.Integer(required=True)


class StaffingChangeAskedSchema(Schema):
    """Which sessions, and what shall be done to them."""

    sessions = fields.List(
        fields.Nested(SeenSessionSchema),
        required=True,
        validate=validate.Length(1, MOST_SESSIONS),
    )
    edit = fields.Nested(WishSchema, required=True)


class LookSchema(Schema):
    """What would become of one session; `problem` says why it cannot be so."""

    session_id = fields.String(required=True)
    version = fields.Integer(required=True)
    changes = fields.Boolean(required=True)
    before = fields.List(fields.Nested(NeedSchema), required=True)
    after = fields.List(fields.Nested(NeedSchema), required=True)
    problem = LocalText(required=True, allow_none=True)


class LooksSchema(Schema):
    """What would become of the sessions, in the order of their start."""

    items = fields.List(fields.Nested(LookSchema), required=True)


class StaffingChangeSchema(Schema):
    """A change that was made."""

    id = fields.String(required=True)
    edit = fields.Nested(WishSchema, required=True)
    count = fields.Integer(required=True)
    made_at = Instant(required=True)
    undo_until = Instant(required=True)
    undone_at = Instant(required=True, allow_none=True)


class StaffingChangesSchema(Schema):
    """The last changes, the newest first."""

    items = fields.List(fields.Nested(StaffingChangeSchema), required=True)


class UndoneSchema(StaffingChangeSchema):
    """A change that was taken back, and the sessions that have gone their own way since."""

    left = fields.List(fields.String(), required=True)
