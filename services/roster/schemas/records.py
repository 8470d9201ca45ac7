"""Shapes of records of service hours."""

from marshmallow import fields, validate

from services.roster.models.record import REPLACED, STATES
from services.roster.use_cases.records import ISSUED, NOTHING, ONESELF, UNCHANGED
from shared.schemas import Instant, LocalText, PageQuery, PersonText, Schema, page_of

MOST_PEOPLE = 200
NAME, WORDS, REASON = 200, 120, 300


class RecordPersonSchema(Schema):
    """For whom: the name is printed as it is given here, and kept with the record."""

    person_id = fields.String(required=True, validate=validate.Length(1, 36))
    name = PersonText(NAME, required=True)
    number = PersonText(60, load_default="")


class DetailsSchema(Schema):
    """Who stands behind the record, printed on it."""

    organiser = PersonText(WORDS, required=True)
    responsible = PersonText(WORDS, load_default="")
    handler = PersonText(WORDS, load_default="")
    contact = PersonText(WORDS, load_default="")
    note = PersonText(REASON, load_default="")


class StretchQuery(Schema):
    """From which day to which, both included."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)


class IssueSchema(StretchQuery):
    """Records to be issued from the ledger."""

    people = fields.List(
        fields.Nested(RecordPersonSchema), required=True, validate=validate.Length(1, MOST_PEOPLE)
    )
    details = fields.Nested(DetailsSchema, required=True)


class LineSchema(Schema):
    """One service."""

    day = fields.String(required=True)
    project = LocalText(required=True)
    place = LocalText(required=True)
    role = LocalText(required=True)
    minutes = fields.Integer(required=True)


class PrintedSchema(DetailsSchema):
    """What is printed around the lines; `policies` are the versions that the rounding follows."""

    name = fields.String(required=True)
    volunteer_number = fields.String(required=True)
    policies = fields.List(fields.Integer(), required=True)


class RecordSchema(Schema):
    """A record."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    code = fields.String(required=True)
    person_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    minutes = fields.Integer(required=True)
    counted_minutes = fields.Integer(required=True)
    printed = fields.Nested(PrintedSchema, required=True)
    issued_by = fields.String(required=True)
    issued_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    reason = fields.String(required=True)
    replaced_by = fields.String(required=True, allow_none=True)


class WholeRecordSchema(RecordSchema):
    """A record with its lines."""

    lines = fields.List(fields.Nested(LineSchema), required=True)
    minutes_now = fields.Integer(
        required=True, metadata={"description": "what the ledger says of these days today"}
    )


RecordPage = page_of(RecordSchema)


class RecordQuery(PageQuery):
    """Whose records, in which state."""

    person_id = fields.String(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class ReadySchema(Schema):
    """What somebody served, and the valid record of the same days if there is one."""

    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True)
    counted_minutes = fields.Integer(required=True)
    services = fields.Integer(required=True)
    number = fields.String(required=True, allow_none=True)
    changes = fields.Boolean(required=True)


class ReadyPeopleSchema(Schema):
    """Everybody who served in these days."""

    items = fields.List(fields.Nested(ReadySchema), required=True)


class OutcomeSchema(Schema):
    """What became of one person."""

    person_id = fields.String(required=True)
    outcome = fields.String(
        required=True, validate=validate.OneOf([ISSUED, REPLACED, UNCHANGED, NOTHING, ONESELF])
    )
    record_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)


class OutcomesSchema(Schema):
    """What became of everybody."""

    items = fields.List(fields.Nested(OutcomeSchema), required=True)


class ReasonSchema(Schema):
    """Why a record does not hold."""

    reason = PersonText(REASON, required=True)


class VerifiedSchema(Schema):
    """What anybody learns who has the code: whether the record holds, and nothing more."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
