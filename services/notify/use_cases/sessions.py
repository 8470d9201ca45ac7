"""Keeping sessions, and telling everybody in one when it changes or will not take place."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.models import Engagement, SessionCopy
from services.notify.models.copies import ENROLMENT
from services.notify.use_cases.telling import remind, tell_about
from shared.clock import parse
from shared.database import upsert_by_version
from shared.inbox import NotYet

SESSION_IS_OFF = "session_cancelled"
Place = tuple[Any, ...]


def keep_session(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Keep a session as catalog announced it, and tell its people what is new for them."""
    before = session.get(SessionCopy, id)
    old = (before.starts_at, before.ends_at, *_place(before)) if before else None
    if not upsert_by_version(session, SessionCopy, id, version, _values(data)):
        return
    now = session.get(SessionCopy, id, populate_existing=True)
    if now is None or old is None:
        return
    if now.state == "cancelled":
        for part in _parts(session, id):
            if part.is_live or part.reason == SESSION_IS_OFF:
                tell_cancelled(session, part, now)
    else:
        _tell_changes(session, now, moved=old[:2] != (now.starts_at, now.ends_at),
                      elsewhere=old[2:] != _place(now))  # fmt: skip


def tell_cancelled(session: Session, part: Engagement, of: SessionCopy) -> None:
    """Tell one person that a session will not take place; whoever notices first, once."""
    occasion = f"session.cancelled:{of.id}:{part.id}"
    tell_about(session, "session_cancelled", occasion, part, of, reason=of.reason)


def known_session(session: Session, id: str) -> SessionCopy:
    """Return a session's copy; wait when it has not arrived yet."""
    of = session.get(SessionCopy, id, populate_existing=True)
    if of is None:
        raise NotYet(f"session {id}")
    return of


def _tell_changes(session: Session, of: SessionCopy, *, moved: bool, elsewhere: bool) -> None:
    # what has times of its own (appointments, assignments) is announced moved by its owner
    for part in _parts(session, of.id):
        follows = part.kind == ENROLMENT
        if part.is_live and ((moved and follows) or (elsewhere and (follows or not moved))):
            occasion = f"session.changed:{of.id}:{of.version}:{part.id}"
            tell_about(session, "session_changed", occasion, part, of)
        if moved and follows:
            remind(session, part, of)


def _parts(session: Session, session_id: str) -> list[Engagement]:
    statement = select(Engagement).where(Engagement.session_id == session_id)
    return list(session.scalars(statement.order_by(Engagement.id)))


def _place(of: SessionCopy) -> Place:
    return of.venue_name, of.venue_place


def _values(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": data["kind"],
        "title": data["title"],
        "venue_name": data["venue_name"],
        "venue_place": data.get("venue_place") or {},
        "zone": data["zone"],
        "starts_at": parse(data["starts_at"]),
        "ends_at": parse(data["ends_at"]),
        "state": data["state"],
        "reason": data.get("reason"),
        "trial": bool(data.get("trial")),
    }
