"""Shapes of arriving: with a booking, without one, and the code on the wall."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.booking.schemas.appointments import DeviceRequest
from services.booking.schemas.common import IdField
from shared.schemas import Instant, PersonText, Schema

SAYS_WHO = "Say who: appointment_id, number or code; or wall_code for oneself."


class CheckInRequest(Schema):
    """Who arrives; the desk names somebody, one's own arrival carries the wall's code."""

    appointment_id = IdField(load_default=None, allow_none=True)
    number = PersonText(20, load_default=None, allow_none=True)
    code = PersonText(20, load_default=None, allow_none=True)
    wall_code = PersonText(20, load_default=None, allow_none=True)
    occurred_at = Instant(load_default=None, allow_none=True)

    @validates_schema
    def _says_who(self, data: dict[str, object], **_: object) -> None:
        names = ("appointment_id", "number", "code", "wall_code")
        if sum(bool(data.get(name)) for name in names) != 1:
            raise ValidationError(SAYS_WHO)


class WalkInRequest(Schema):
    """Who comes without a booking; oneself with the wall's code, or typed at the desk."""

    name = PersonText(120, load_default="")
    person_id = IdField(load_default=None, allow_none=True)
    devices = fields.List(
        fields.Nested(DeviceRequest), required=True, validate=validate.Length(1, 20)
    )
    wall_code = PersonText(20, load_default=None, allow_none=True)
    occurred_at = Instant(load_default=None, allow_none=True)


class WallCodeSchema(Schema):
    """The code on the wall."""

    code = fields.String(required=True)
    expires_at = Instant(required=True)
