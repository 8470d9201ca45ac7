"""Reads of the waitlist: one place, a session's list, a person's places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry, places
from services.booking.queries.sessions import known, summary
from shared.codes import lasting_code
from shared.errors import NotFound
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
    live = _live(session, ids)
    held = {row.slot_id for row in rows if row.slot_id}
    slots = {one.id: one for one in session.scalars(select(Slot).where(Slot.id.in_(held)))}
    names = (
        "id", "session_id", "person_id", "devices", "passed", "state", "by", "created_at",
        "version",
    )  # fmt: skip
    return [
        {name: getattr(row, name) for name in names}
        | {
            "slots": row.wishes,
            "place": places(live.get(row.session_id, [])).get(row.id),
            "offer": _offer(row, slots),
            "partner": _partner(row, live.get(row.session_id, [])),
            "session": summary(sessions[row.session_id]),
        }
        for row in rows
    ]


def invites(id: str) -> str:
    """Return the subject of an invitation's code."""
    return f"waitlist-pair|{id}"


def invitation_code(secret: bytes, row: WaitlistEntry) -> str | None:
    """Return the code by which somebody can agree to come along with who waits."""
    return lasting_code(secret, invites(row.id)) if row.state == "waiting" else None


def invitation(session: Session, id: str) -> dict[str, Any]:
    """Return what somebody is asked to come along to; nothing about who asks."""
    row = session.get(WaitlistEntry, id)
    if row is None:
        raise NotFound
    shown_row = shown(session, [row])[0]
    still = row.state == "waiting" and shown_row["partner"] is None
    names = ("id", "session_id", "slots", "place", "session")
    return {name: shown_row[name] for name in names} | {"open": still}


def _live(session: Session, session_ids: set[str]) -> dict[str, list[WaitlistEntry]]:
    wanted = select(WaitlistEntry).where(
        WaitlistEntry.session_id.in_(session_ids), WaitlistEntry.state.in_(LIVE)
    )
    found: dict[str, list[WaitlistEntry]] = {}
    for one in session.scalars(wanted.order_by(WaitlistEntry.rank)):
        found.setdefault(one.session_id, []).append(one)
    return found


def _partner(row: WaitlistEntry, live: Sequence[WaitlistEntry]) -> dict[str, Any] | None:
    if row.pair_id is None or row.state not in LIVE:
        return None
    for other in live:
        if other.pair_id == row.pair_id and other.id != row.id:
            before = sum(one.rank < row.rank for one in live)
            return {
                "person_id": other.person_id,
                "state": other.state,
                "place_alone": before + 1,
            }
    return None


def _offer(row: WaitlistEntry, slots: dict[str, Slot]) -> dict[str, Any] | None:
    slot = slots.get(row.slot_id or "")
    if row.state != "offered" or slot is None:
        return None
    times = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    return {"slot_id": slot.id, "expires_at": row.expires_at, **times}
