"""The ranges that people of a line heard, and what became of them: they say where the next is cut."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit
from services.booking.queries.levels import Heard, Levels, adapted


def levels_of(session: Session, row: ServiceSession, at: datetime) -> Levels:
    """Return where ranges are cut now; a session goes on where the offering's last one ended."""
    heard = _heard(session, row.id, at)
    if not heard and not row.trial:
        before = _session_before(session, row)
        heard = _heard(session, before, at) if before else []
    return adapted(heard, at)


def _heard(session: Session, session_id: str, at: datetime) -> list[Heard]:
    names = (
        "recorded_at", "told_low", "told_high", "waited", "closed_at", "paused_at", "level_low",
        "level_high",
    )  # fmt: skip
    statement = select(*(getattr(Visit, name) for name in names)).where(
        Visit.session_id == session_id, Visit.level_low.is_not(None)
    )
    return [
        Heard(
            one.recorded_at,
            one.told_low,
            one.told_high,
            _waited(one, at),
            one.waited is not None,
            Levels(one.level_low, one.level_high),
        )
        for one in session.execute(statement)
    ]


def _waited(one: Any, at: datetime) -> float:
    """Return the minutes until the call, else until somebody left the line, else until now."""
    until: datetime = one.closed_at or one.paused_at or at
    waited: float | None = one.waited
    return (until - one.recorded_at).total_seconds() / 60 if waited is None else waited


def _session_before(session: Session, row: ServiceSession) -> str | None:
    """Return the offering's last session before this one in which somebody was told a range."""
    told = select(Visit.id).where(
        Visit.session_id == ServiceSession.id, Visit.level_low.is_not(None)
    )
    statement = (
        select(ServiceSession.id)
        .where(ServiceSession.offering_id == row.offering_id, ~ServiceSession.trial)
        .where(ServiceSession.starts_at < row.starts_at, told.exists())
        .order_by(ServiceSession.starts_at.desc(), ServiceSession.id)
        .limit(1)
    )
    return session.scalar(statement)
