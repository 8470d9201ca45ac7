"""What identity listens to: nothing. Everybody else listens to it."""

from collections.abc import Mapping

from shared.inbox import Handler

HANDLERS: Mapping[str, Handler] = {}
