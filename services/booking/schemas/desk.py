"""Shapes of acts that were made offline, of their conflicts, and of the fallback sheet."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.booking.models.category import BY_ID
from services.booking.models.desk_act import DECISIONS, KINDS
from services.booking.models.outcome import BARRIERS, STATUSES
from services.booking.schemas.appointments import DeviceRequest
from services.booking.schemas.common import IdField
from services.booking.schemas.visits import LineSessionSchema, VisitSchema
from shared.schemas import Instant, LocalText, PersonText, Schema

NEEDS: dict[str, tuple[str, ...]] = {
    "check_in": ("appointment_id", "number", "code"),
    "walk_in": ("devices",),
    "call": ("bench",),
    "start": ("bench",),
    "outcome": ("status",),
}
WHO = ("visit_id", "ticket_id", "of", "number")


class GivenSchema(Schema):
    """What an act means; which members belong to which kind is checked by the act."""

    appointment_id = IdField()
    visit_id = IdField()
    ticket_id = IdField()
    volunteer_id = IdField()
    of = IdField(metadata={"description": "an earlier act that put this person in line"})
    number = PersonText(12)
    code = PersonText(20)
    name = PersonText(120)
    devices = fields.List(fields.Nested(DeviceRequest), validate=validate.Length(1, 20))
    bench = fields.Integer(strict=True, validate=validate.Range(1, 500))
    status = fields.String(validate=validate.OneOf(STATUSES))
    barrier = fields.String(validate=validate.OneOf(BARRIERS))
    note = PersonText(4000, lines=True)
    category_id = fields.Integer(strict=True, validate=validate.Range(min(BY_ID), max(BY_ID)))
    brand = PersonText(120)


class ActRequest(Schema):
    """One act of a desk; its id was made where it was done."""

    id = IdField(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    given = fields.Nested(GivenSchema, required=True)
    occurred_at = Instant(load_default=None, allow_none=True)

    @validates_schema
    def _means_something(self, data: dict[str, Any], **_: object) -> None:
        given, kind = data["given"], data["kind"]
        if NEEDS.get(kind) and not any(name in given for name in NEEDS[kind]):
            raise ValidationError("Missing data for required field.", f"given.{NEEDS[kind][-1]}")
        if kind not in ("check_in", "walk_in") and not any(given.get(name) for name in WHO):
            raise ValidationError("Missing data for required field.", "given.number")


class ActSchema(Schema):
    """What became of an act: done, or a conflict; the number of its person where there is one."""

    id = fields.String(required=True)
    result = fields.String(required=True, validate=validate.OneOf(("done", "conflict")))
    number = fields.String(required=True, allow_none=True)
    reason = LocalText(required=True, allow_none=True)


class ConflictSchema(Schema):
    """What was meant, why it did not fit, what stands."""

    act_id = fields.String(required=True)
    session_id = fields.String(required=True)
    kind = fields.String(required=True)
    given = fields.Dict(required=True)
    actor_id = fields.String(required=True)
    occurred_at = Instant(required=True)
    recorded_at = Instant(required=True)
    code = fields.String(required=True)
    reason = LocalText(required=True)
    state = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    stands = fields.Nested(VisitSchema, required=True, allow_none=True)


class ConflictsSchema(Schema):
    """The conflicts of a session."""

    open = fields.Integer(required=True)
    items = fields.List(fields.Nested(ConflictSchema), required=True)


class DecideRequest(Schema):
    """Keep mine, keep theirs, or put it aside."""

    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))


class SheetRowSchema(Schema):
    """One device that is expected or in line."""

    ticket_id = fields.String(required=True)
    appointment_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)
    arrived_at = Instant(required=True, allow_none=True)
    category_id = fields.Integer(required=True)
    brand = fields.String(required=True)
    state = fields.String(required=True)
    bench = fields.Integer(required=True, allow_none=True)


class SheetSchema(Schema):
    """What the fallback sheet prints."""

    session = fields.Nested(LineSessionSchema, required=True)
    at = Instant(required=True)
    rows = fields.List(fields.Nested(SheetRowSchema), required=True)


class SheetRowRequest(Schema):
    """One row as it stands on paper; `id` is the row's own, for somebody who had no number."""

    id = IdField(required=True)
    ticket_id = IdField(load_default=None, allow_none=True)
    appointment_id = IdField(load_default=None, allow_none=True)
    number = PersonText(12, load_default="")
    name = PersonText(120, load_default="")
    category_id = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min(BY_ID), max(BY_ID)),
    )
    arrived_at = Instant(load_default=None, allow_none=True)
    bench = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 500)
    )
    started_at = Instant(load_default=None, allow_none=True)
    closed_at = Instant(load_default=None, allow_none=True)
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATUSES))
    note = PersonText(4000, load_default="")

    @validates_schema
    def _says_what(self, data: dict[str, Any], **_: object) -> None:
        known = data["appointment_id"] or data["ticket_id"] or data["number"]
        if not known and data["category_id"] is None:
            raise ValidationError("Missing data for required field.", "category_id")


class SheetDoneSchema(Schema):
    """What a typed row became."""

    number = fields.String(required=True)
    state = fields.String(required=True)
