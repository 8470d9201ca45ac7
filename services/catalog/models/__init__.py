"""Tables of catalog and the rules that live in them, one file per aggregate."""

from services.catalog.models.base import Base
from services.catalog.models.offering import Offering
from services.catalog.models.programme import Programme
from services.catalog.models.quiz import Quiz
from services.catalog.models.session import Series, Session
from services.catalog.models.staffing_change import StaffingChange
from services.catalog.models.staffing_template import StaffingTemplate
from services.catalog.models.term import Term
from services.catalog.models.venue import Venue

__all__ = [
    "Base",
    "Offering",
    "Programme",
    "Quiz",
    "Series",
    "Session",
    "StaffingChange",
    "StaffingTemplate",
    "Term",
    "Venue",
]
