"""The shape of a person's own page."""

from marshmallow import fields

from services.booking.schemas.appointments import AppointmentDetailSchema
from services.booking.schemas.custody import CustodySchema
from services.booking.schemas.enrolments import EnrolmentSchema
from services.booking.schemas.visits import MyVisitSchema
from services.booking.schemas.waitlist import WaitlistEntrySchema
from shared.schemas import Schema


class MineSchema(Schema):
    """What is mine, the latest first."""

    appointments = fields.List(fields.Nested(AppointmentDetailSchema), required=True)
    enrolments = fields.List(fields.Nested(EnrolmentSchema), required=True)
    visits = fields.List(fields.Nested(MyVisitSchema), required=True)
    kept = fields.List(fields.Nested(CustodySchema), required=True)
    waits = fields.List(fields.Nested(WaitlistEntrySchema), required=True)
