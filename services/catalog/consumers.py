"""What catalog listens to: nothing. Its rows name nobody; its audit trail holds ids only."""

from collections.abc import Mapping

from shared.inbox import Handler

HANDLERS: Mapping[str, Handler] = {}
