"""The coordinator's pages: what is planned, who comes, who is told."""

from services.web.views.manage import (
    custody,
    deliveries,
    displays,
    home,
    limits,
    line,
    people,
    person,
    planning,
    record_import,
    records,
    risks,
    sessions,
    skills,
    things,
    waits,
)
from services.web.views.manage.base import blueprint

__all__ = [
    "blueprint",
    "custody",
    "deliveries",
    "displays",
    "home",
    "limits",
    "line",
    "people",
    "person",
    "planning",
    "record_import",
    "records",
    "risks",
    "sessions",
    "skills",
    "things",
    "waits",
]
