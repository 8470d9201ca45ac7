"""Tables of booking and the rules that live in them, one file per aggregate."""

from services.booking.models.appointment import Appointment
from services.booking.models.base import Base
from services.booking.models.custody import Custody, CustodyPolicy, TagCounter
from services.booking.models.desk_act import DeskAct, DeskConflict
from services.booking.models.display import Display
from services.booking.models.draw import Draw, DrawEntry
from services.booking.models.enrolment import Enrolment
from services.booking.models.feedback import Feedback
from services.booking.models.hand_back import HandBack
from services.booking.models.helper import Helper
from services.booking.models.line_policy import LinePolicy
from services.booking.models.live import LiveVersion
from services.booking.models.offering import Offering
from services.booking.models.past_record import ImportBatch, PastRecord
from services.booking.models.photo import Photo
from services.booking.models.policy import PersonCount, Policy, Waiver, WaiverAccepted
from services.booking.models.quiz import Completion, Quiz, QuizAttempt
from services.booking.models.risk import DroppedShift, Risk
from services.booking.models.safety import SafetyLimit, SafetyTest
from services.booking.models.session import ServiceSession, Staffing
from services.booking.models.skill import VolunteerSkills
from services.booking.models.slot import Slot
from services.booking.models.tap import Tap
from services.booking.models.term import Term
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.models.wait_score import WaitScore
from services.booking.models.waitlist import WaitlistEntry
from services.booking.models.work import PartUsed, TicketCode

__all__ = [
    "Appointment",
    "Base",
    "Completion",
    "Custody",
    "CustodyPolicy",
    "DeskAct",
    "DeskConflict",
    "Display",
    "Draw",
    "DrawEntry",
    "DroppedShift",
    "Enrolment",
    "Feedback",
    "HandBack",
    "Helper",
    "ImportBatch",
    "LinePolicy",
    "LiveVersion",
    "Offering",
    "PartUsed",
    "PastRecord",
    "PersonCount",
    "Photo",
    "Policy",
    "Quiz",
    "QuizAttempt",
    "Risk",
    "SafetyLimit",
    "SafetyTest",
    "ServiceSession",
    "Slot",
    "Staffing",
    "TagCounter",
    "Tap",
    "Term",
    "Ticket",
    "TicketCode",
    "Visit",
    "VolunteerSkills",
    "WaitScore",
    "WaitlistEntry",
    "Waiver",
    "WaiverAccepted",
]
