"""Shapes of the line: arrivals, visits, tickets, the desk's and the wall's view, the live ticket."""

from marshmallow import fields, validate

from services.booking.models.category import BY_ID
from services.booking.models.outcome import BARRIERS, STATUSES
from services.booking.models.repair_codes import MOST
from services.booking.models.visit import LIVE, PAUSED
from services.booking.schemas.appointments import AppointmentDetailSchema
from services.booking.schemas.common import IdField, SessionSummarySchema
from services.booking.schemas.custody import KeptSchema
from services.booking.schemas.turns import LastActSchema, LateSchema, LineRulesSchema, MayPutOff
from shared.schemas import Instant, LocalText, PersonText, Schema


def codes(**kwargs: object) -> fields.List:
    """Return the field for findings or actions, codes of `/repair-codes`."""
    code = fields.String(validate=validate.Length(1, 20))
    return fields.List(code, validate=validate.Length(max=MOST), **kwargs)  # type: ignore[arg-type]  # options of the library


class CallRequest(Schema):
    """To which bench; `number` after an offline call."""

    bench = fields.Integer(required=True, strict=True)
    number = PersonText(12, load_default=None, allow_none=True)


class KeyRequest(Schema):
    """The key of the ticket's link, for somebody without an account."""

    key = PersonText(60, load_default=None, allow_none=True)


class KeyQuery(KeyRequest):
    """The same in the address."""


class StartRequest(Schema):
    """At which bench, and by whom (oneself unless said)."""

    bench = fields.Integer(required=True, strict=True)
    volunteer_id = IdField(load_default=None, allow_none=True)
    occurred_at = Instant(load_default=None, allow_none=True)


class CloseRequest(Schema):
    """The outcome in the words of the Open Repair Data Standard 0.3."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    barrier = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("", *BARRIERS))
    )
    note = PersonText(4000, lines=True, load_default=None, allow_none=True)
    category_id = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min(BY_ID), max(BY_ID)),
    )
    brand = PersonText(120, load_default=None, allow_none=True)
    findings = codes(load_default=None, allow_none=True)
    actions = codes(load_default=None, allow_none=True)
    occurred_at = Instant(load_default=None, allow_none=True)


class TicketSchema(Schema):
    """What happens to one device."""

    id = fields.String(required=True)
    visit_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    problem = fields.String(required=True)
    photo_id = fields.String(required=True, allow_none=True)
    rework_of = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)
    barrier = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    bench = fields.Integer(required=True, allow_none=True)
    volunteer_id = fields.String(required=True, allow_none=True)
    started_at = Instant(required=True, allow_none=True)
    paused_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    power = fields.String(required=True, allow_none=True)
    safety = fields.String(required=True, allow_none=True)
    care = fields.String(required=True, allow_none=True)
    handed_back = fields.String(required=True, allow_none=True)
    handed_back_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class RepairCodeSchema(Schema):
    """A finding or an action: its word, and how its owner reads it."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    name = LocalText(required=True)
    said = LocalText(required=True)


class OwnPartSchema(Schema):
    """A part that went in, as the owner reads of it."""

    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    source = fields.String(required=True)


class PartSchema(OwnPartSchema):
    """The same at the bench; `cost_cents` is what it cost the centre (fen), never a price."""

    id = fields.String(required=True)
    cost_cents = fields.Integer(required=True, allow_none=True)


class OwnTicketSchema(TicketSchema):
    """A device as its owner reads of it: with what was found, done and put in."""

    findings = fields.List(fields.Nested(RepairCodeSchema), required=True)
    actions = fields.List(fields.Nested(RepairCodeSchema), required=True)
    parts = fields.List(fields.Nested(OwnPartSchema), required=True)


class WaitSchema(Schema):
    """An honest range in minutes and its reason."""

    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    reason = LocalText(required=True)
    on_duty = fields.Integer(required=True)


class VisitSchema(Schema):
    """A place in the line."""

    id = fields.String(required=True)
    session_id = fields.String(required=True)
    appointment_id = fields.String(required=True, allow_none=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf((*LIVE, PAUSED, "closed", "left")))
    bench = fields.Integer(required=True, allow_none=True)
    calls = fields.Integer(required=True)
    arrival = fields.String(required=True, allow_none=True)
    arrived_at = Instant(required=True)
    recorded_at = Instant(required=True)
    called_at = Instant(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)
    turn_at = Instant(required=True)
    rework = fields.Boolean(required=True)
    resumed = fields.Boolean(required=True)
    late_minutes = fields.Integer(required=True)
    snoozes = fields.Integer(required=True)
    snoozed_until = Instant(required=True, allow_none=True)
    absent_at = Instant(required=True, allow_none=True)
    paused_at = Instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)
    wait = fields.Nested(WaitSchema, required=True, allow_none=True)
    devices = fields.List(fields.Nested(TicketSchema), required=True)
    version = fields.Integer(required=True)


class InLineSchema(VisitSchema):
    """A place in the line with the step that is due, and what an absent person keeps until when."""

    suggest = fields.String(required=True, allow_none=True)
    keeps_until = Instant(required=True, allow_none=True)
    closes_at = Instant(required=True, allow_none=True)


class MyVisitSchema(VisitSchema):
    """One's own visit with its session."""

    session = fields.Nested(SessionSummarySchema, required=True)


class LineSessionSchema(SessionSummarySchema):
    """The session of a line."""

    benches = fields.Integer(required=True)


class BenchSchema(Schema):
    """A bench, who is called or served there, and the device on it."""

    bench = fields.Integer(required=True)
    visit = fields.Nested(InLineSchema, required=True, allow_none=True)
    ticket = fields.Nested(TicketSchema, required=True, allow_none=True)


class PausedSchema(VisitSchema):
    """Somebody who waits for parts, and the session it began in."""

    session_starts_at = Instant(required=True)


class QueueSchema(Schema):
    """Everything the desk shows."""

    version = fields.Integer(required=True)
    at = Instant(required=True)
    session = fields.Nested(LineSessionSchema, required=True)
    waiting = fields.List(fields.Nested(InLineSchema), required=True)
    called = fields.List(fields.Nested(InLineSchema), required=True)
    serving = fields.List(fields.Nested(InLineSchema), required=True)
    absent = fields.List(fields.Nested(InLineSchema), required=True)
    benches = fields.List(fields.Nested(BenchSchema), required=True)
    recent = fields.List(fields.Nested(TicketSchema), required=True)
    staying = fields.List(fields.Nested(TicketSchema), required=True)
    done = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    on_duty = fields.Integer(required=True)
    wait_new = fields.Nested(WaitSchema, required=True, allow_none=True)
    warning = LocalText(required=True, allow_none=True)
    policy = fields.Nested(LineRulesSchema, required=True)
    paused = fields.List(fields.Nested(PausedSchema), required=True)
    late = fields.List(fields.Nested(LateSchema), required=True)
    undo = fields.Nested(LastActSchema, required=True, allow_none=True)


class BoardCallSchema(Schema):
    """A number on the wall; the typed name is masked, the person's is web's to mask."""

    visit_id = fields.String(required=True)
    number = fields.String(required=True)
    bench = fields.Integer(required=True, allow_none=True)
    calls = fields.Integer(required=True)
    called_at = Instant(required=True, allow_none=True)
    state = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)


class BoardSchema(Schema):
    """Everything the wall shows."""

    version = fields.Integer(required=True)
    at = Instant(required=True)
    session = fields.Nested(SessionSummarySchema, required=True)
    call = fields.Nested(BoardCallSchema, required=True, allow_none=True)
    calls = fields.List(fields.Nested(BoardCallSchema), required=True)
    next = fields.List(fields.Nested(BoardCallSchema), required=True)
    benches = fields.List(fields.Nested(BoardCallSchema), required=True)
    waiting = fields.Integer(required=True)
    on_duty = fields.Integer(required=True)
    wait = fields.Nested(WaitSchema, required=True, allow_none=True)


class MayDo(Schema):
    """What the owner may do now."""

    move = fields.Boolean(required=True)
    cancel = fields.Boolean(required=True)
    check_in = fields.Boolean(required=True)


class PlaceSchema(Schema):
    """One live ticket: a booking, and later the same person in the line."""

    id = fields.String(required=True)
    appointment = fields.Nested(AppointmentDetailSchema, required=True, allow_none=True)
    visit = fields.Nested(VisitSchema, required=True, allow_none=True)
    session = fields.Nested(LineSessionSchema, required=True)
    devices = fields.List(fields.Nested(OwnTicketSchema), required=True)
    number = fields.String(required=True, allow_none=True)
    step = fields.String(required=True)
    ahead = fields.Integer(required=True, allow_none=True)
    ahead_numbers = fields.List(fields.String(), required=True)
    wait = fields.Nested(WaitSchema, required=True, allow_none=True)
    on_duty = fields.Integer(required=True, allow_none=True)
    check_in_code = fields.String(required=True, allow_none=True)
    kept = fields.List(fields.Nested(KeptSchema), required=True)
    can = fields.Nested(MayDo, required=True)
    turn = fields.Nested(MayPutOff, required=True)
    arrival = fields.String(required=True, allow_none=True)
    key = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
