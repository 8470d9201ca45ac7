"""The envelope of an event: CloudEvents 1.0 in JSON, one shape on every bus.

Source: CloudEvents specification 1.0.2, JSON event format; ``traceparent`` after its distributed
tracing extension. ``aggregateversion`` is ours.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clock import iso, now, parse
from shared.ids import new_id

REQUIRED = ("specversion", "id", "type", "source", "subject", "time", "aggregateversion", "data")


class Unreadable(Exception):
    """These bytes are no event of ours."""


@dataclass(frozen=True)
class Event:
    """Something that happened to one aggregate.

    ``type`` ends in its major version (``appointment.booked.v1``), ``subject`` is the aggregate's
    id, ``version`` counts that aggregate's changes, ``data`` is its public state afterwards.
    """

    type: str
    subject: str
    version: int
    data: dict[str, Any]
    source: str
    id: str = field(default_factory=new_id)
    time: datetime = field(default_factory=now)
    traceparent: str | None = None

    def to_bytes(self) -> bytes:
        """Return the CloudEvents JSON of this event, UTF-8."""
        envelope: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": iso(self.time),
            "datacontenttype": "application/json",
            "aggregateversion": self.version,
            "data": self.data,
        }
        if self.traceparent:
            envelope["traceparent"] = self.traceparent
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(body: bytes) -> Event:
    """Read an event; unknown attributes are ignored, missing ones are ``Unreadable``."""
    try:
        envelope = json.loads(body)
        missing = [name for name in REQUIRED if name not in envelope]
        if missing:
            raise Unreadable(f"attributes missing: {', '.join(missing)}")
        return Event(
            type=str(envelope["type"]),
            subject=str(envelope["subject"]),
            version=int(envelope["aggregateversion"]),
            data=dict(envelope["data"]),
            source=str(envelope["source"]),
            id=str(envelope["id"]),
            time=parse(envelope["time"]),
            traceparent=envelope.get("traceparent"),
        )
    except (ValueError, TypeError) as problem:
        raise Unreadable(str(problem)) from problem
