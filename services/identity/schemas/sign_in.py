"""Shapes about signing in and passwords."""

from marshmallow import fields, validate

from services.identity.schemas.people import PersonSchema
from shared.schemas import Schema

SECRET = validate.Length(1, 200)
PASSWORD = validate.Length(1, 1000)


class CredentialsSchema(Schema):
    """A login with its password."""

    login = fields.String(required=True, validate=validate.Length(1, 200))
    password = fields.String(required=True, validate=PASSWORD, load_only=True)


class TokenSchema(Schema):
    """A token for API clients; ask for a new one before it ends."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})


class SessionSecretSchema(Schema):
    """The secret of a sign-in session."""

    session = fields.String(required=True, validate=SECRET)


class SignedInSchema(Schema):
    """A fresh sign-in session with its first token."""

    session = fields.String(required=True)
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    person = fields.Nested(PersonSchema, required=True)


class RenewedSchema(Schema):
    """A new token; ``session`` is there where the secret was rotated and replaces the old one."""

    session = fields.String()
    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    person = fields.Nested(PersonSchema, required=True)


class FrontSecretSchema(Schema):
    """The secret of the web front."""

    secret = fields.String(required=True, validate=SECRET)


class ResetRequestSchema(Schema):
    """Whose password shall be chosen again."""

    login = fields.String(required=True, validate=validate.Length(1, 200))


class ResetLinkSchema(Schema):
    """The secret of a reset link and whose it is; empty where nobody has this login."""

    person_id = fields.String()
    token = fields.String()


class ResetSchema(Schema):
    """A password chosen through a link."""

    token = fields.String(required=True, validate=SECRET)
    password = fields.String(required=True, validate=PASSWORD, load_only=True)


class PasswordChangeSchema(Schema):
    """The old password and the new one."""

    old = fields.String(required=True, validate=PASSWORD, load_only=True)
    new = fields.String(required=True, validate=PASSWORD, load_only=True)
