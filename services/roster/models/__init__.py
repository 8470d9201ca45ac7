"""The roster's tables and the rules they carry."""

from services.roster.models.assignment import Assignment
from services.roster.models.base import Base
from services.roster.models.hours import Hours
from services.roster.models.session import SessionCopy
from services.roster.models.shift import Shift
from services.roster.models.skill import Skill
from services.roster.models.volunteer import Volunteer, VolunteerSkill

__all__ = [
    "Assignment",
    "Base",
    "Hours",
    "SessionCopy",
    "Shift",
    "Skill",
    "Volunteer",
    "VolunteerSkill",
]
