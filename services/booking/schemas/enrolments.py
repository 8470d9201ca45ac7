"""Shapes of enrolments and of a person's own page."""

from marshmallow import fields, validate

from services.booking.models.enrolment import SEATED
from services.booking.schemas.common import IdField, SessionSummarySchema
from services.booking.schemas.quizzes import QuizStandingSchema
from shared.schemas import Instant, PageQuery, Schema, page_of

STATES = [*SEATED, "waitlisted", "left"]


class EnrolRequest(Schema):
    """An enrolment; staff may name the person it is for."""

    session_id = IdField(required=True)
    person_id = IdField(load_default=None, allow_none=True)


class AttendanceRequest(Schema):
    """Whether somebody came."""

    state = fields.String(required=True, validate=validate.OneOf(SEATED))


class MayLeave(Schema):
    """What its owner may still do."""

    leave = fields.Boolean(required=True)


class EnrolmentSchema(Schema):
    """An enrolment; `place` is the place on the waitlist, from 1; `quiz` how an attended one stands."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    place = fields.Integer(required=True, allow_none=True)
    by = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    version = fields.Integer(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    can = fields.Nested(MayLeave, required=True)
    quiz = fields.Nested(QuizStandingSchema, required=True, allow_none=True)


class EnrolmentsQuery(PageQuery):
    """Which enrolments to list."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


EnrolmentPage = page_of(EnrolmentSchema)
