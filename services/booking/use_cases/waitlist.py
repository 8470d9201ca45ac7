"""The waitlist of full slots: joining, being offered a place that is held, claiming it or not.

The session's row is locked first, always, then slots by id: what frees a place offers it on in the
same transaction, so no place lies idle beside somebody who wants it.
"""

from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.appointment import LIVE as APPOINTMENT_LIVE
from services.booking.models.appointment import Appointment
from services.booking.models.draw import DRAW
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry, claim_until, of_use
from services.booking.use_cases import limits
from services.booking.use_cases.waitlist_rules import explained, refuse_waiting
from shared import audit
from shared.database import Database, one_row, suite_now, suite_time
from shared.errors import NotFound
from shared.ids import new_id

BEFORE_ALL = 1_000_000  # ranks of people who lost their place lie this far before the others


def join(
    session: Session,
    session_id: str,
    person_id: str,
    devices: int,
    wishes: list[str],
    *,
    actor_id: str,
    staff: bool = False,
) -> WaitlistEntry:
    """Wait for one of the wished slots (none: any); refused while one of them has room."""
    row = locked(session, session_id)
    refuse_waiting(session, row, person_id, devices, wishes, staff=staff)
    by = "self" if actor_id == person_id else "staff"
    entry = add(session, row, person_id, devices, wishes, by=by)
    audit.record(session, actor_id, "waitlist.join", entry.id)
    touch(session, session_id)
    return entry


def add(
    session: Session,
    row: ServiceSession,
    person_id: str,
    devices: int,
    wishes: list[str],
    *,
    by: str,
    first: bool = False,
) -> WaitlistEntry:
    """Put somebody on the waitlist of a locked session: at its end, or `first`, before all others."""
    rank, row.next_waitlist_rank = row.next_waitlist_rank, row.next_waitlist_rank + 1
    entry = WaitlistEntry(
        id=new_id(),
        session_id=row.id,
        person_id=person_id,
        devices=devices,
        wishes=wishes,
        passed=[],
        state="waiting",
        rank=rank - BEFORE_ALL if first else rank,
        by=by,
        created_at=suite_time(session),
        version=1,
    )
    session.add(entry)
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error
    events.waitlist(session, "joined", entry, place(session, entry))
    return entry


def promote(session: Session, row: ServiceSession) -> int:
    """Offer what is free in a locked session to those who wait, in their order; return how many."""
    at = suite_time(session)
    if not _may_offer(row, at):
        return 0
    waiting = session.scalars(
        select(WaitlistEntry)
        .where(WaitlistEntry.session_id == row.id, WaitlistEntry.state == "waiting")
        .order_by(WaitlistEntry.rank)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    if not waiting:
        return 0
    slots = _free_slots(session, row.id, at)
    return sum(_offer(session, row, entry, slots, at) for entry in waiting)


def decline(session: Session, id: str, actor_id: str) -> WaitlistEntry:
    """Not this one: the place goes on to the next, the rank stays."""
    entry, row = _mine(session, id, actor_id, staff=False)
    slot_id = _let_go(session, entry, "offered", "waiting")
    entry.passed = [*entry.passed, slot_id]
    session.flush()
    events.waitlist(session, "joined", entry, place(session, entry))
    promote(session, row)
    audit.record(session, actor_id, "waitlist.decline", id)
    touch(session, row.id)
    return entry


def leave(session: Session, id: str, actor_id: str, *, staff: bool) -> WaitlistEntry:
    """Stop waiting; what was held goes on to the next."""
    entry, row = _mine(session, id, actor_id, staff=staff)
    end(session, entry, "left")
    promote(session, row)
    audit.record(session, actor_id, "waitlist.leave", id)
    touch(session, row.id)
    return entry


def end(session: Session, entry: WaitlistEntry, state: str) -> None:
    """End a live entry of a locked session: left | ended | expired."""
    if entry.state not in LIVE:
        raise errors.NotWaiting
    _let_go(session, entry, entry.state, state)
    events.waitlist(session, "left", entry, None)


def end_all(session: Session, row: ServiceSession) -> None:
    """Let everybody go who waits for a (locked) session that was cancelled."""
    for entry in session.scalars(_live(row.id)).all():
        end(session, entry, "ended")


def withdraw(session: Session, slot: Slot) -> None:
    """Take offers of a slot back that the session no longer has; who was offered it waits on."""
    mine = (WaitlistEntry.slot_id == slot.id) & (WaitlistEntry.state == "offered")
    for entry in session.scalars(select(WaitlistEntry).where(mine)).all():
        _let_go(session, entry, "offered", "waiting")
        events.waitlist(session, "joined", entry, place(session, entry))
    session.refresh(slot)


def claim(session: Session, id: str, actor_id: str) -> tuple[WaitlistEntry, str]:
    """Turn an offer that still holds into a right to book; return the entry and the slot.

    The caller books in the same transaction: the places go from held to taken, or nothing happens.
    """
    limits.lock(session, [actor_id])
    entry, _ = _mine(session, id, actor_id, staff=False)
    slot_id = entry.slot_id
    holds = (WaitlistEntry.state == "offered") & (WaitlistEntry.expires_at > suite_now())
    values = {"state": "claimed", "slot_id": None, "expires_at": None}
    change = update(WaitlistEntry).where(WaitlistEntry.id == id, holds)
    one_row(
        session.execute(change.values(**values, version=WaitlistEntry.version + 1)),
        errors.OfferOver(),
    )
    session.refresh(entry)
    if slot_id is None:
        raise errors.OfferOver
    events.waitlist(session, "left", entry, None)
    return entry, slot_id


def expire_offers(database: Database) -> int:
    """End offers whose time is over and offer the places on; return how many."""
    over = (WaitlistEntry.state == "offered") & (WaitlistEntry.expires_at <= suite_now())
    with database.reading() as session:
        due = sorted(set(session.scalars(select(WaitlistEntry.session_id).where(over))))
    ended = 0
    for session_id in due:
        with database.transaction() as session:
            row = locked(session, session_id)
            mine = select(WaitlistEntry).where(over, WaitlistEntry.session_id == session_id)
            for entry in session.scalars(mine.order_by(WaitlistEntry.rank)).all():
                end(session, entry, "expired")
                ended += 1
            promote(session, row)
            touch(session, session_id)
    return ended


def place(session: Session, entry: WaitlistEntry) -> int | None:
    """Return the 1-based place among those who still wait; None for who does not."""
    if entry.state not in LIVE:
        return None
    before = (WaitlistEntry.session_id == entry.session_id) & WaitlistEntry.state.in_(LIVE)
    counted = select(func.count()).where(before, WaitlistEntry.rank <= entry.rank)
    return int(session.execute(counted).scalar_one())


def visible(session: Session, id: str, actor_id: str, *, staff: bool) -> WaitlistEntry:
    """Return an entry to its owner and to staff; to everybody else there is none."""
    entry = session.get(WaitlistEntry, id, populate_existing=True)
    if entry is None or not (staff or entry.person_id == actor_id):
        raise NotFound
    return entry


def locked(session: Session, session_id: str) -> ServiceSession:
    """Lock and return the session that everything here hangs on."""
    statement = select(ServiceSession).where(ServiceSession.id == session_id)
    fresh = {"populate_existing": True}
    row = session.scalars(statement.with_for_update(key_share=True), execution_options=fresh)
    found = row.one_or_none()
    if found is None:
        raise NotFound
    return found


def _mine(
    session: Session, id: str, actor_id: str, *, staff: bool
) -> tuple[WaitlistEntry, ServiceSession]:
    entry = visible(session, id, actor_id, staff=staff)
    row = locked(session, entry.session_id)
    session.refresh(entry)
    return entry, row


def _may_offer(row: ServiceSession, at: datetime) -> bool:
    """Whether people could book at all: an offer that cannot be used is not made."""
    opened = at >= row.booking_opens_at and at < row.booking_closes_at
    if row.closed_for:
        return False
    return row.state == "published" and row.is_repair and (opened or row.opening == DRAW)


def _free_slots(session: Session, session_id: str, at: datetime) -> list[Slot]:
    statement = (
        select(Slot)
        .where(Slot.session_id == session_id, ~Slot.retired, Slot.starts_at > at)
        .order_by(Slot.id)
        .with_for_update(key_share=True)
    )
    found = session.scalars(statement, execution_options={"populate_existing": True}).all()
    return sorted((s for s in found if of_use(at, s.starts_at)), key=lambda slot: slot.starts_at)


def _offer(
    session: Session, row: ServiceSession, entry: WaitlistEntry, slots: list[Slot], at: datetime
) -> bool:
    """Hold the first wished slot with room for somebody who waits."""
    order = {slot_id: place for place, slot_id in enumerate(entry.wishes)}
    elsewhere = session.execute(
        select(Appointment.starts_at, Appointment.ends_at).where(
            Appointment.person_id == entry.person_id, Appointment.state.in_(APPOINTMENT_LIVE)
        )
    ).all()
    for slot in sorted(slots, key=lambda one: (order.get(one.id, 0), one.starts_at)):
        busy = any(a < slot.ends_at and slot.starts_at < b for a, b in elsewhere)
        if not entry.wants(slot.id) or slot.free < entry.devices or busy:
            continue
        if limits.reached(session, row, entry.person_id):
            return False  # a place that cannot be booked is not offered
        slot.held += entry.devices
        entry.state, entry.slot_id = "offered", slot.id
        entry.expires_at = claim_until(at, slot.starts_at, row.zone)
        entry.version += 1
        session.flush()
        events.waitlist(session, "offered", entry, place(session, entry), slot)
        return True
    return False


def _let_go(session: Session, entry: WaitlistEntry, expected: str, state: str) -> str:
    """Change the state and give back what was held; return the slot that was (or an empty text)."""
    slot_id = entry.slot_id or ""
    values = {"state": state, "slot_id": None, "expires_at": None}
    stands = (WaitlistEntry.state == expected) & (WaitlistEntry.version == entry.version)
    change = update(WaitlistEntry).where(WaitlistEntry.id == entry.id, stands)
    one_row(
        session.execute(change.values(**values, version=entry.version + 1)),
        errors.OfferOver() if expected == "offered" else errors.NotWaiting(),
    )
    if slot_id:
        give_back = update(Slot).where(Slot.id == slot_id)
        session.execute(give_back.values(held=Slot.held - entry.devices))
    session.refresh(entry)
    return slot_id


def _live(session_id: str) -> Select[tuple[WaitlistEntry]]:
    return (
        select(WaitlistEntry)
        .where(WaitlistEntry.session_id == session_id, WaitlistEntry.state.in_(LIVE))
        .order_by(WaitlistEntry.rank)
    )
