"""Displays as the desk and the coordinators see them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.display import Display
from services.booking.models.session import ServiceSession
from services.booking.queries.sessions import known, summary
from shared.database import suite_time

RECENT = timedelta(hours=12)
MOST = 200


def of_session(session: Session, session_id: str) -> list[dict[str, Any]]:
    """Return the displays of a session that were heard in the last twelve hours, by number."""
    row = known(session, session_id)
    at = suite_time(session)
    wanted = (Display.session_id == session_id) & (Display.seen_at > at - RECENT)
    found = session.scalars(select(Display).where(wanted).order_by(Display.number))
    return [_shown(one, at) | {"session": summary(row)} for one in found]


def everywhere(session: Session) -> list[dict[str, Any]]:
    """Return all displays that were heard in the last twelve hours, the latest session first."""
    at = suite_time(session)
    statement = (
        select(Display, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Display.session_id)
        .where(Display.seen_at > at - RECENT)
        .order_by(ServiceSession.starts_at.desc(), ServiceSession.id, Display.number)
        .limit(MOST)
    )
    return [_shown(one, at) | {"session": summary(row)} for one, row in session.execute(statement)]


def _shown(row: Display, at: Any) -> dict[str, Any]:
    names = ("id", "session_id", "number", "name", "sound", "started_at", "seen_at")
    seconds = max(0, int((at - row.seen_at).total_seconds()))
    values = {name: getattr(row, name) for name in names}
    return values | {"state": row.state(at), "silent_seconds": seconds}
