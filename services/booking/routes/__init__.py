"""The HTTP doors of booking: each file brings one blueprint and its part of the access table."""

from importlib import import_module
from pkgutil import iter_modules

from shared.http import Blueprint

_FILES = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]

BLUEPRINTS: list[Blueprint] = [file.BLUEPRINT for file in _FILES]
ACCESS: dict[str, frozenset[str]] = {
    endpoint: roles for file in _FILES for endpoint, roles in file.ACCESS.items()
}
