"""Offering free places to those who wait, in their order; two who come together get both or none.

Everything here runs under the lock of the session's row. What is offered is held on the slot.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.models.appointment import LIVE as APPOINTMENT_LIVE
from services.booking.models.appointment import Appointment
from services.booking.models.draw import DRAW, Draw
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import (
    LIVE,
    WaitlistEntry,
    claim_until,
    of_use,
    places,
    turns,
)
from services.booking.use_cases import limits
from shared.database import suite_time

Busy = Sequence[Appointment]


@dataclass(frozen=True)
class Party:
    """Who is offered places at once: one person, or two who want to come together."""

    turn: int
    entries: tuple[WaitlistEntry, ...]


def promote(session: Session, row: ServiceSession) -> int:
    """Offer what is free in a locked session to those who wait, in their order; return how many."""
    at = suite_time(session)
    if not may_offer(session, row, at):
        return 0
    live = locked_entries(session, row.id)
    parties = _parties(live)
    if not parties:
        return 0
    slots = _free_slots(session, row.id, at)
    if not slots:
        return 0
    busy = busy_times(session, [one.person_id for party in parties for one in party.entries])
    offered = 0
    for party in parties:
        found = find_places(party.entries, slots, busy)
        if found and not _limited(session, row, party):
            until = claim_until(at, min(slot.starts_at for slot in found), row.zone)
            _hold(session, party, found, places(live), until)
            offered += len(found)
    return offered


def may_offer(session: Session, row: ServiceSession, at: datetime) -> bool:
    """Whether places are given out: from the opening on, after the draw, also past the closing.

    Who books must do so before the closing; who waits did, and a place freed later is of use.
    """
    opened = row.state == "published" and row.is_repair and at >= row.booking_opens_at
    if not opened or row.closed_for:
        return False
    draw = session.get(Draw, row.id) if row.opening == DRAW else None
    return draw is None or draw.is_over


def locked_entries(session: Session, session_id: str) -> Sequence[WaitlistEntry]:
    """Lock and return all live entries of a session by rank."""
    live = (
        select(WaitlistEntry)
        .where(WaitlistEntry.session_id == session_id, WaitlistEntry.state.in_(LIVE))
        .order_by(WaitlistEntry.rank)
        .with_for_update()
    )
    return session.scalars(live, execution_options={"populate_existing": True}).all()


def busy_times(session: Session, person_ids: Iterable[str]) -> dict[str, list[Appointment]]:
    """Return where these people are expected, by person."""
    theirs = select(Appointment).where(
        Appointment.person_id.in_(set(person_ids)), Appointment.state.in_(APPOINTMENT_LIVE)
    )
    found: dict[str, list[Appointment]] = {}
    for one in session.scalars(theirs):
        found.setdefault(one.person_id, []).append(one)
    return found


def could_come(busy: Busy, slot: Slot) -> bool:
    """Whether somebody with these bookings could take a place of this slot."""
    return not any(
        one.session_id == slot.session_id
        or (one.starts_at < slot.ends_at and slot.starts_at < one.ends_at)
        for one in busy
    )


def find_places(
    entries: Sequence[WaitlistEntry],
    slots: Sequence[Slot],
    busy: Mapping[str, Busy],
) -> list[Slot]:
    """Return a slot for each of one or two entries, the best first; nothing where they do not fit.

    Two get the same slot if they can, else neighbouring ones.
    """
    options: list[list[Slot]] = [
        [slot for slot in slots if _suits(one, slot, busy.get(one.person_id, ()))]
        for one in entries
    ]
    fitting: list[tuple[Slot, ...]] = [
        found for found in product(*options) if _together(found) and _room(entries, found)
    ]
    if not fitting:
        return []
    best = min(fitting, key=lambda found: _liking(entries, found))
    return list(best)


def _suits(entry: WaitlistEntry, slot: Slot, busy: Busy) -> bool:
    return entry.wants(slot.id) and slot.free >= entry.devices and could_come(busy, slot)


def _together(found: Sequence[Slot]) -> bool:
    positions = [slot.position for slot in found]
    return max(positions) - min(positions) <= 1


def _room(entries: Sequence[WaitlistEntry], found: Sequence[Slot]) -> bool:
    needed: dict[str, int] = {}
    for entry, slot in zip(entries, found, strict=True):
        needed[slot.id] = needed.get(slot.id, 0) + entry.devices
    return all(slot.free >= needed[slot.id] for slot in found)


def _liking(
    entries: Sequence[WaitlistEntry], found: Sequence[Slot]
) -> tuple[bool, int, list[datetime]]:
    liked = sum(
        entry.wishes.index(slot.id) if entry.wishes else 0
        for entry, slot in zip(entries, found, strict=True)
    )
    apart = any(slot.id != found[0].id for slot in found)
    return apart, liked, [slot.starts_at for slot in found]


def _parties(live: Sequence[WaitlistEntry]) -> list[Party]:
    """Return who waits, in the order of their turn; who comes with somebody that has an offer rests."""
    turn = turns(live)
    together: dict[str, list[WaitlistEntry]] = {}
    for one in live:
        together.setdefault(one.pair_id or one.id, []).append(one)
    parties = [
        Party(turn[entries[0].id], tuple(entries))
        for entries in together.values()
        if all(one.state == "waiting" for one in entries)
    ]
    return sorted(parties, key=lambda party: party.turn)


def _limited(session: Session, row: ServiceSession, party: Party) -> bool:
    """Whether one of them holds as many bookings as they may: what cannot be booked is not offered."""
    return any(limits.reached(session, row, one.person_id) for one in party.entries)


def _free_slots(session: Session, session_id: str, at: datetime) -> list[Slot]:
    """Lock the coming slots, then return those with room in which an offer is of use."""
    statement = (
        select(Slot)
        .where(Slot.session_id == session_id, ~Slot.retired, Slot.starts_at > at)
        .order_by(Slot.id)
        .with_for_update(key_share=True)
    )
    found = session.scalars(statement, execution_options={"populate_existing": True}).all()
    useful = [slot for slot in found if slot.free and of_use(at, slot.starts_at)]
    return sorted(useful, key=lambda slot: slot.starts_at)


def _hold(
    session: Session,
    party: Party,
    found: Sequence[Slot],
    where: Mapping[str, int],
    until: datetime,
) -> None:
    for entry, slot in zip(party.entries, found, strict=True):
        slot.held += entry.devices
        entry.state, entry.slot_id, entry.expires_at = "offered", slot.id, until
        entry.version += 1
    session.flush()
    for entry, slot in zip(party.entries, found, strict=True):
        events.waitlist(session, "offered", entry, where[entry.id], slot)
