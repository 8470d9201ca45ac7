"""Reads of a draw: its hash before, its seed and list after, and one's own entry at any time."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.errors import NoDraw
from services.booking.models.draw import WINDOW, Draw, DrawEntry
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.queries.sessions import known
from shared.database import suite_time


def shown(session: Session, session_id: str, person_id: str | None) -> dict[str, Any]:
    """Return what everybody may know of a draw, and the asker's own entry."""
    row = known(session, session_id)
    draw = session.get(Draw, session_id)
    if draw is None:
        raise NoDraw
    over = draw.is_over
    return {
        "session_id": session_id,
        "state": _state(draw, row, suite_time(session)),
        "opens_at": row.booking_opens_at,
        "closes_at": row.booking_opens_at + WINDOW,
        "drawn_at": draw.drawn_at,
        "committed_at": draw.created_at,
        "seed_hash": draw.seed_hash,
        "seed": draw.seed if over else None,
        "count": _count(session, session_id),
        "entries": _entries(session, session_id) if over else None,
        "mine": _mine(session, session_id, person_id) if person_id else None,
    }


def _state(draw: Draw, row: ServiceSession, at: datetime) -> str:
    """Say which: before | open | drawing | drawn | cancelled."""
    if draw.is_over:
        return "drawn"
    if row.state != "published":
        return "cancelled"
    if at < row.booking_opens_at:
        return "before"
    return "open" if at < row.booking_opens_at + WINDOW else "drawing"


def _count(session: Session, session_id: str) -> int:
    taking_part = (DrawEntry.session_id == session_id) & (DrawEntry.state != "withdrawn")
    return session.execute(select(func.count()).where(taking_part)).scalar_one()


def _entries(session: Session, session_id: str) -> list[dict[str, Any]]:
    drawn = (
        select(DrawEntry.pseudonym, DrawEntry.position, DrawEntry.state)
        .where(DrawEntry.session_id == session_id, DrawEntry.position.is_not(None))
        .order_by(DrawEntry.position)
    )
    return [dict(one) for one in session.execute(drawn).mappings()]


def _mine(session: Session, session_id: str, person_id: str) -> dict[str, Any] | None:
    mine = (DrawEntry.session_id == session_id) & (DrawEntry.person_id == person_id)
    entry = session.scalars(select(DrawEntry).where(mine)).one_or_none()
    if entry is None:
        return None
    slots = {
        slot.id: slot for slot in session.scalars(select(Slot).where(Slot.id.in_(entry.wishes)))
    }
    times = [
        {"slot_id": id, "starts_at": slots[id].starts_at, "ends_at": slots[id].ends_at}
        for id in entry.wishes
        if id in slots
    ]
    names = ("pseudonym", "state", "position", "appointment_id", "slot_id", "devices")
    return {name: getattr(entry, name) for name in names} | {"wishes": times}
