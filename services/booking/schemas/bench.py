"""Shapes of the bench: findings, actions, parts, safety tests and their limits, hand-back."""

from marshmallow import fields, validate

from services.booking.models.safety import CLASSES, MOST_READING, POLARITIES, SKILL
from services.booking.models.work import SOURCES
from services.booking.schemas.common import IdField
from services.booking.schemas.visits import PartSchema, RepairCodeSchema, TicketSchema, codes
from shared.schemas import Instant, PersonText, Schema

READING = validate.Range(0, MOST_READING)


class WorkRequest(Schema):
    """What was found and done (codes of `/repair-codes`), and a free note."""

    findings = codes(required=True)
    actions = codes(required=True)
    note = PersonText(4000, lines=True, load_default=None, allow_none=True)


class PartRequest(Schema):
    """A part that went in; `cost_cents` is what it cost the centre, in fen, for its own books."""

    name = PersonText(120, least=1, required=True)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 999))
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    cost_cents = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 10_000_000)
    )


class PowerRequest(Schema):
    """What the device runs on."""

    power = fields.String(required=True, validate=validate.OneOf(("mains", "battery")))


class TestRequest(Schema):
    """Readings of a safety test. Whether it passed is computed, so there is no field for it.

    Ω, MΩ and mA; beyond the instrument's range: the end of the range. `tester_id`: oneself unless said.
    """

    __test__ = False

    protection_class = fields.String(required=True, validate=validate.OneOf(CLASSES))
    visual_ok = fields.Boolean(required=True, truthy={True}, falsy={False})
    polarity = fields.String(required=True, validate=validate.OneOf(POLARITIES))
    earth_ohm = fields.Float(load_default=None, allow_none=True, validate=READING)
    insulation_mohm = fields.Float(load_default=None, allow_none=True, validate=READING)
    insulation_omitted = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    leakage_ma = fields.Float(load_default=None, allow_none=True, validate=READING)
    instrument = PersonText(80, least=1, required=True)
    instrument_serial = PersonText(80, load_default="")
    tester_id = IdField(load_default=None, allow_none=True)
    note = PersonText(1000, lines=True, load_default="")
    occurred_at = Instant(load_default=None, allow_none=True)


class HandBackRequest(Schema):
    """How it leaves: as it is, or `disabled` after a failed test, with the taker's name."""

    disabled = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    acknowledged_by = PersonText(120, load_default="")
    occurred_at = Instant(load_default=None, allow_none=True)


class RepairCodesSchema(Schema):
    """The two lists that are offered."""

    findings = fields.List(fields.Nested(RepairCodeSchema), required=True)
    actions = fields.List(fields.Nested(RepairCodeSchema), required=True)


class SafetyTestSchema(Schema):
    """One test with its readings, the limits they were held to, and what that came to."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)
    protection_class = fields.String(required=True)
    visual_ok = fields.Boolean(required=True)
    polarity = fields.String(required=True)
    earth_ohm = fields.Float(required=True, allow_none=True)
    insulation_mohm = fields.Float(required=True, allow_none=True)
    insulation_omitted = fields.Boolean(required=True)
    leakage_ma = fields.Float(required=True, allow_none=True)
    limits_version = fields.Integer(required=True)
    earth_limit = fields.Float(required=True, allow_none=True)
    insulation_limit = fields.Float(required=True)
    leakage_limit = fields.Float(required=True, allow_none=True)
    passed = fields.Boolean(required=True)
    failed = fields.List(fields.String(), required=True)
    instrument = fields.String(required=True)
    instrument_serial = fields.String(required=True)
    note = fields.String(required=True)
    tester_id = fields.String(required=True)
    tested_at = Instant(required=True)
    recorded_at = Instant(required=True)


class HandBackSchema(Schema):
    """How a device went home."""

    how = fields.String(required=True)
    acknowledged_by = fields.String(required=True)
    by = fields.String(required=True)
    handed_back_at = Instant(required=True)


class InstrumentSchema(Schema):
    """What was measured with."""

    name = fields.String(required=True)
    serial = fields.String(required=True)


class BenchTicketSchema(TicketSchema):
    """One device with everything that was written down at the bench."""

    session_id = fields.String(required=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    visit_state = fields.String(required=True, allow_none=True)
    visit_bench = fields.Integer(required=True, allow_none=True)
    work_version = fields.Integer(required=True)
    findings = fields.List(fields.Nested(RepairCodeSchema), required=True)
    actions = fields.List(fields.Nested(RepairCodeSchema), required=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)
    tests = fields.List(fields.Nested(SafetyTestSchema), required=True)
    hand_back = fields.Nested(HandBackSchema, required=True, allow_none=True)
    siblings = fields.List(fields.Nested(TicketSchema), required=True)
    may_test = fields.Boolean(required=True)
    testers = fields.List(fields.String(), required=True)
    instrument = fields.Nested(InstrumentSchema, required=True, allow_none=True)


class LimitsOfClass(Schema):
    """The limits of one protection class: Ω, MΩ, mA; empty where nothing is measured."""

    earth_ohm = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0.05, 2.0))
    insulation_mohm = fields.Float(required=True, validate=validate.Range(0.1, 100.0))
    leakage_ma = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(0.05, 10.0)
    )


class LimitsRequest(Schema):
    """New limits and where they are taken from."""

    I = fields.Nested(LimitsOfClass, required=True)  # noqa: E741 - the class's name
    II = fields.Nested(LimitsOfClass, required=True)
    III = fields.Nested(LimitsOfClass, required=True)
    source = PersonText(400, least=1, required=True)


class LimitsSchema(Schema):
    """One version of the limits."""

    version = fields.Integer(required=True)
    classes = fields.Dict(keys=fields.String(), values=fields.Nested(LimitsOfClass), required=True)
    source = fields.String(required=True)
    created_by = fields.String(required=True)
    created_at = Instant(required=True)


class LimitsListSchema(Schema):
    """All versions, the newest (which holds now) first."""

    items = fields.List(fields.Nested(LimitsSchema), required=True)
    skill = fields.String(required=True, metadata={"example": SKILL})
