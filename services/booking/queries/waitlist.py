"""Reads of the waitlist: one place, a session's list, a person's places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry
from services.booking.queries.sessions import known, summary
from shared.pagination import Page, page


def of_session(session: Session, session_id: str, cursor: str | None, limit: int) -> Page:
    """Return who waits in a session, in their order."""
    known(session, session_id)
    live = select(WaitlistEntry).where(
        WaitlistEntry.session_id == session_id, WaitlistEntry.state.in_(LIVE)
    )
    found = page(session, live, [WaitlistEntry.rank, WaitlistEntry.id], cursor, limit)
    return Page(shown(session, found.items), found.next_cursor)


def of_person(session: Session, person_id: str) -> list[dict[str, Any]]:
    """Return the places somebody waits for now."""
    mine = select(WaitlistEntry).where(
        WaitlistEntry.person_id == person_id, WaitlistEntry.state.in_(LIVE)
    )
    return shown(session, session.scalars(mine.order_by(WaitlistEntry.created_at)).all())


def shown(session: Session, rows: Sequence[WaitlistEntry]) -> list[dict[str, Any]]:
    """Return entries as they are read: with their place, their session and what they are offered."""
    ids = {row.session_id for row in rows}
    sessions = {
        one.id: one
        for one in session.scalars(select(ServiceSession).where(ServiceSession.id.in_(ids)))
    }
    places = _places(session, ids)
    held = {row.slot_id for row in rows if row.slot_id}
    slots = {one.id: one for one in session.scalars(select(Slot).where(Slot.id.in_(held)))}
    names = (
        "id", "session_id", "person_id", "devices", "state", "by", "created_at", "version",
    )  # fmt: skip
    return [
        {name: getattr(row, name) for name in names}
        | {
            "slots": row.wishes,
            "place": places.get(row.id),
            "offer": _offer(row, slots),
            "session": summary(sessions[row.session_id]),
        }
        for row in rows
    ]


def _places(session: Session, session_ids: set[str]) -> dict[str, int]:
    live = select(WaitlistEntry.session_id, WaitlistEntry.id).where(
        WaitlistEntry.session_id.in_(session_ids), WaitlistEntry.state.in_(LIVE)
    )
    counts: dict[str, int] = {}
    places = {}
    for session_id, id in session.execute(live.order_by(WaitlistEntry.rank)):
        counts[session_id] = places[id] = counts.get(session_id, 0) + 1
    return places


def _offer(row: WaitlistEntry, slots: dict[str, Slot]) -> dict[str, Any] | None:
    slot = slots.get(row.slot_id or "")
    if row.state != "offered" or slot is None:
        return None
    times = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    return {"slot_id": slot.id, "expires_at": row.expires_at, **times}
