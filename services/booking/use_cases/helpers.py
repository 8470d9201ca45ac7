"""Booking's copy of who helps in which session: it decides who else may see a line."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.models.helper import Helper
from shared.database import upsert_by_version


def take_helper(session: Session, id: str, version: int, values: dict[str, Any]) -> bool:
    """Keep what roster says of one assignment; return whether it was news."""
    kept = {name: values[name] for name in ("session_id", "person_id", "state")}
    return upsert_by_version(session, Helper, id, version, kept)
