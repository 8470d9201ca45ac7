"""When a session takes arrivals."""

from datetime import datetime, timedelta

from services.booking.models.session import ServiceSession

OPENS_BEFORE = timedelta(hours=3)
CLOSES_AFTER = timedelta(hours=12)


def takes_arrivals(row: ServiceSession, at: datetime) -> bool:
    """Tell whether people may arrive: from three hours before until twelve after; trials always."""
    return row.trial or row.starts_at - OPENS_BEFORE <= at <= row.ends_at + CLOSES_AFTER
