"""Tables of booking and the rules that live in them, one file per aggregate."""

from services.booking.models.appointment import Appointment
from services.booking.models.base import Base
from services.booking.models.enrolment import Enrolment
from services.booking.models.offering import Offering
from services.booking.models.photo import Photo
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket

__all__ = [
    "Appointment",
    "Base",
    "Enrolment",
    "Offering",
    "Photo",
    "ServiceSession",
    "Slot",
    "Staffing",
    "Ticket",
]
