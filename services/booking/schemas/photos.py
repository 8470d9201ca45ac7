"""Shapes of photos."""

from flask_smorest.fields import Upload
from marshmallow import fields

from shared.schemas import Schema


class PhotoUpload(Schema):
    """One picture, as a file of a form."""

    photo = Upload(required=True)


class PhotoSchema(Schema):
    """A kept photo."""

    id = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
