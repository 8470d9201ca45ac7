"""The HTTP doors of catalog: each file brings one blueprint and its part of the access table."""

from services.catalog.routes import (
    calendar,
    offerings,
    programmes,
    quizzes,
    sessions,
    staffing,
    venues,
)
from shared.http import Blueprint

_FILES = (calendar, offerings, quizzes, venues, programmes, sessions, staffing)

BLUEPRINTS: list[Blueprint] = [file.BLUEPRINT for file in _FILES]
ACCESS: dict[str, frozenset[str]] = {
    endpoint: roles for file in _FILES for endpoint, roles in file.ACCESS.items()
}
