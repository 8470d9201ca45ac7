"""Shapes of a quiz as coordinators write it: with what is right, so never shown to anybody else."""

from marshmallow import fields, validate

from services.catalog.models.quiz import FEWEST_CHOICES, MOST_CHOICES, MOST_QUESTIONS, STATES
from shared.schemas import LocalText, PersonText, Schema

TEXT, KEY, YEAR_HOURS = 500, 36, 8_760


class QuestionTextShape(Schema):
    """A question in both languages; English may be left empty and then falls back."""

    zh = PersonText(TEXT, least=1, lines=True, required=True)
    en = PersonText(TEXT, lines=True, load_default="")


class ExplanationShape(Schema):
    """Why it is so, in both languages, or nothing."""

    zh = PersonText(TEXT * 2, lines=True, load_default="")
    en = PersonText(TEXT * 2, lines=True, load_default="")


class QuestionSchema(Schema):
    """A question; ``right`` are positions among the choices. A new one may leave its key out."""

    key = PersonText(KEY, load_default="")
    text = fields.Nested(QuestionTextShape, required=True)
    choices = fields.List(
        LocalText(),
        required=True,
        validate=validate.Length(min=FEWEST_CHOICES, max=MOST_CHOICES),
    )
    right = fields.List(
        fields.Integer(validate=validate.Range(0, MOST_CHOICES - 1)),
        required=True,
        validate=validate.Length(max=MOST_CHOICES),
    )
    explanation = fields.Nested(ExplanationShape, load_default=lambda: {"zh": "", "en": ""})


class QuizFieldsSchema(Schema):
    """What staff say about a quiz. Within ``wait_hours`` somebody may try ``attempts`` times."""

    questions = fields.List(
        fields.Nested(QuestionSchema), required=True, validate=validate.Length(max=MOST_QUESTIONS)
    )
    drawn = fields.Integer(required=True, validate=validate.Range(1, MOST_QUESTIONS))
    pass_percent = fields.Integer(load_default=80, validate=validate.Range(1, 100))
    attempts = fields.Integer(load_default=3, validate=validate.Range(1, 20))
    wait_hours = fields.Integer(load_default=24, validate=validate.Range(1, YEAR_HOURS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class QuizSchema(QuizFieldsSchema):
    """The quiz of an offering; version 0 where none was written yet."""

    offering_id = fields.String(required=True)
    version = fields.Integer(required=True)
