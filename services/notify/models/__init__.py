"""Notify's tables and their rules, one file per aggregate."""

from services.notify.models.base import Base
from services.notify.models.contact import Contact, Feed, Preference
from services.notify.models.copies import Engagement, SessionCopy, Visit
from services.notify.models.custody import CustodyCopy
from services.notify.models.delivery import Delivery

__all__ = [
    "Base",
    "Contact",
    "CustodyCopy",
    "Delivery",
    "Engagement",
    "Feed",
    "Preference",
    "SessionCopy",
    "Visit",
]
