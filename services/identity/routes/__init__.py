"""The HTTP doors of identity: each file brings one blueprint and its part of the access table."""

from services.identity.routes import me, people, registrations, sign_in
from shared.http import Blueprint

_FILES = (registrations, sign_in, me, people)

BLUEPRINTS: list[Blueprint] = [file.BLUEPRINT for file in _FILES]
ACCESS: dict[str, frozenset[str]] = {
    endpoint: roles for file in _FILES for endpoint, roles in file.ACCESS.items()
}
