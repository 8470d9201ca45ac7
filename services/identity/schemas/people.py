"""Shapes about people: registration, roles, names, import."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.identity.models.person import ROLES
from shared.schemas import Instant, PageQuery, PersonText, Schema, page_of

LOCALES = ("zh", "en")
ROLE = validate.OneOf(ROLES)


class PersonSchema(Schema):
    """A person as staff and the person see them."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    login = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.String(validate=ROLE), required=True)
    locale = fields.String(required=True, validate=validate.OneOf(LOCALES))
    state = fields.String(required=True, validate=validate.OneOf(("active", "erased")))
    demo = fields.Boolean(required=True)
    created_at = Instant(required=True)


PeoplePage = page_of(PersonSchema)


class RegistrationSchema(Schema):
    """Somebody registers. ``email`` is checked and not kept: contacts are notify's."""

    login = PersonText(64, least=1, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 1000), load_only=True)
    name = PersonText(100, least=1, required=True)
    email = fields.Email(allow_none=True, load_default=None)
    locale = fields.String(load_default="zh", validate=validate.OneOf(LOCALES))
    consent_version = PersonText(40, least=1, required=True)


class MeChangeSchema(Schema):
    """What people may change about themselves."""

    name = PersonText(100, least=1)
    locale = fields.String(validate=validate.OneOf(LOCALES))


class NewPersonSchema(Schema):
    """Staff enter somebody."""

    name = PersonText(100, least=1, required=True)
    login = PersonText(64, least=1, allow_none=True, load_default=None)
    roles = fields.List(fields.String(validate=ROLE), load_default=list)
    locale = fields.String(load_default="zh", validate=validate.OneOf(LOCALES))


class RolesSchema(Schema):
    """The roles a person shall hold."""

    roles = fields.List(
        fields.String(validate=ROLE), required=True, validate=validate.Length(max=len(ROLES))
    )


class PeopleQuery(PageQuery):
    """Which people: part of a name or the start of a login, and a role."""

    q = PersonText(100, load_default=None)
    role = fields.String(load_default=None, validate=ROLE)


class IdsSchema(Schema):
    """Ids of people."""

    ids = fields.List(
        fields.String(validate=validate.Length(1, 36)),
        required=True,
        validate=validate.Length(max=500),
    )


class NameSchema(Schema):
    """The name of one person; ``name`` only for staff."""

    id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    masked = fields.String(required=True)


class NamesSchema(Schema):
    """Names of people; ids that nobody has are left out."""

    names = fields.List(fields.Nested(NameSchema), required=True)


class ImportSchema(Schema):
    """A CSV file: as text, or as the bytes of the file in base64 (UTF-8 or GBK)."""

    csv = fields.String(validate=validate.Length(max=3_000_000))
    csv_base64 = fields.String(validate=validate.Length(max=4_000_000))
    dry_run = fields.Boolean(load_default=True)

    @validates_schema
    def _one_of_both(self, data: dict[str, object], **_: object) -> None:
        if ("csv" in data) == ("csv_base64" in data):
            raise ValidationError({"csv": ["Missing data for required field."]})


class ImportRowSchema(Schema):
    """What came of one line."""

    line = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("created", "exists", "invalid")))
    name = fields.String(required=True)
    login = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    person_id = fields.String(required=True, allow_none=True)
    errors = fields.List(fields.String(), required=True)


class ImportResultSchema(Schema):
    """What came of a file."""

    rows = fields.List(fields.Nested(ImportRowSchema), required=True)
    created = fields.Integer(required=True)
    existing = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
