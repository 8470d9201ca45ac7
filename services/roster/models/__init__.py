"""The roster's tables and the rules they carry."""

from services.roster.models.assignment import Assignment
from services.roster.models.availability import ExceptionDay, Lesson, WeeklyFree
from services.roster.models.base import Base
from services.roster.models.briefing import Briefing, BriefingRead
from services.roster.models.handover import HandoverLayout
from services.roster.models.help import HelpAsk, HelpCall
from services.roster.models.hours import Entry, Hours
from services.roster.models.objection import Absence, Objection
from services.roster.models.offer import Offer, OfferRound
from services.roster.models.period import Period, PeriodAct
from services.roster.models.policy import HoursPolicy
from services.roster.models.profile import Profile
from services.roster.models.proposal import Proposal, ProposalBan, ProposalGap, ProposedCell
from services.roster.models.ranking import RankingMember, RankingPlace, RankingWeek
from services.roster.models.record import RecordYear, ServiceRecord
from services.roster.models.session import SessionCopy
from services.roster.models.shift import Shift
from services.roster.models.sign_off import SignOff, TrainingCompleted, TrainingDone
from services.roster.models.skill import Skill
from services.roster.models.standby import Standby
from services.roster.models.term import Term
from services.roster.models.volunteer import Volunteer, VolunteerSkill

__all__ = [
    "Absence",
    "Assignment",
    "Base",
    "Briefing",
    "BriefingRead",
    "Entry",
    "ExceptionDay",
    "HandoverLayout",
    "HelpAsk",
    "HelpCall",
    "Hours",
    "HoursPolicy",
    "Lesson",
    "Objection",
    "Offer",
    "OfferRound",
    "Period",
    "PeriodAct",
    "Profile",
    "Proposal",
    "ProposalBan",
    "ProposalGap",
    "ProposedCell",
    "RankingMember",
    "RankingPlace",
    "RankingWeek",
    "RecordYear",
    "ServiceRecord",
    "SessionCopy",
    "Shift",
    "SignOff",
    "Skill",
    "Standby",
    "Term",
    "TrainingCompleted",
    "TrainingDone",
    "Volunteer",
    "VolunteerSkill",
    "WeeklyFree",
]
