"""Shapes of the quiz after a training: how one stands, an attempt, answers."""

from marshmallow import fields, validate

from services.booking.models.quiz import FAILED, OPEN, PASSED
from services.booking.schemas.common import SessionSummarySchema
from shared.schemas import Instant, PersonText, Schema

MOST_QUESTIONS, MOST_CHOICES = 60, 6


class QuizStandingSchema(Schema):
    """How somebody who attended stands; `left` attempts may begin now, the next one at `next_at`."""

    state = fields.String(
        required=True, validate=validate.OneOf(["passed", "open", "ready", "waiting"])
    )
    attempt_id = fields.String(required=True, allow_none=True)
    left = fields.Integer(required=True)
    next_at = Instant(required=True, allow_none=True)
    drawn = fields.Integer(required=True, allow_none=True)
    pass_percent = fields.Integer(required=True, allow_none=True)
    attempts = fields.Integer(required=True, allow_none=True)
    wait_hours = fields.Integer(required=True, allow_none=True)


class AskedSchema(Schema):
    """A question of an attempt; what is right, chosen and why is null until the attempt has ended."""

    key = fields.String(required=True)
    text = fields.Dict(required=True)
    choices = fields.List(fields.Dict(), required=True)
    several = fields.Boolean(required=True)
    chosen = fields.List(fields.Integer(), required=True, allow_none=True)
    right = fields.List(fields.Integer(), required=True, allow_none=True)
    ok = fields.Boolean(required=True, allow_none=True)
    explanation = fields.Dict(required=True, allow_none=True)


class AttemptSchema(Schema):
    """An attempt, as the one who makes it sees it."""

    id = fields.String(required=True)
    enrolment_id = fields.String(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf([OPEN, PASSED, FAILED]))
    asked = fields.Integer(required=True)
    correct = fields.Integer(required=True, allow_none=True)
    pass_percent = fields.Integer(required=True)
    started_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    questions = fields.List(fields.Nested(AskedSchema), required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    quiz = fields.Nested(QuizStandingSchema, required=True, allow_none=True)


class AnswersRequest(Schema):
    """All answers: by the key of a question, the positions of what was chosen."""

    answers = fields.Dict(
        keys=PersonText(36),
        values=fields.List(
            fields.Integer(validate=validate.Range(0, MOST_CHOICES - 1)),
            validate=validate.Length(max=MOST_CHOICES),
        ),
        required=True,
        validate=validate.Length(max=MOST_QUESTIONS),
    )


class QuestionFiguresSchema(Schema):
    """How often a question was asked, and how often not answered rightly."""

    key = fields.String(required=True)
    asked = fields.Integer(required=True)
    wrong = fields.Integer(required=True)


class QuizFiguresSchema(Schema):
    """How a training's quiz went in the last half year, in counts."""

    attempts = fields.Integer(required=True)
    people = fields.Integer(required=True)
    passed = fields.Integer(required=True)
    questions = fields.List(fields.Nested(QuestionFiguresSchema), required=True)


class AttemptListSchema(Schema):
    """Somebody's attempts."""

    items = fields.List(fields.Nested(AttemptSchema), required=True)
