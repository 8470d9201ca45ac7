"""Booking's copy of who helps in which session: it decides who else may see a line."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.models.helper import Helper
from shared.database import upsert_by_version


def take_helper(session: Session, id: str, version: int, values: dict[str, Any]) -> None:
    """Keep what roster says of one assignment."""
    upsert_by_version(session, Helper, id, version, values)
