"""The waitlist of full slots: joining, being offered a place that is held, claiming it or not.

The session's row is locked first, always, then slots by id: what frees a place offers it on in the
same transaction, so no place lies idle beside somebody who wants it.
"""

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import LIVE, WaitlistEntry, places
from services.booking.use_cases import limits
from services.booking.use_cases.waitlist_offers import promote
from services.booking.use_cases.waitlist_rules import explained, refuse_waiting
from shared import audit
from shared.database import one_row, suite_now, suite_time
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


def decline(session: Session, id: str, actor_id: str) -> WaitlistEntry:
    """Not this one: the place goes on to the next, the rank stays."""
    entry, row = mine(session, id, actor_id, staff=False)
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
    entry, row = mine(session, id, actor_id, staff=staff)
    end(session, entry, "left")
    promote(session, row)
    audit.record(session, actor_id, "waitlist.leave", id)
    touch(session, row.id)
    return entry


def end(session: Session, entry: WaitlistEntry, state: str) -> None:
    """End a live entry of a locked session: left | ended | expired | over.

    Who waited together with it goes on alone, with their own rank, and is told so.
    """
    if entry.state not in LIVE:
        raise errors.NotWaiting
    _let_go(session, entry, entry.state, state)
    events.waitlist(session, "left", entry, None)
    if entry.pair_id is None or state in ("ended", "over"):
        return
    together = (WaitlistEntry.pair_id == entry.pair_id) & (WaitlistEntry.state == "waiting")
    for other in session.scalars(select(WaitlistEntry).where(together)).all():
        alone(session, other)
        events.waitlist(session, "joined", other, place(session, other), pair="ended")


def alone(session: Session, entry: WaitlistEntry) -> None:
    """Let an entry go on by itself."""
    entry.pair_id = entry.pair_seat = None
    entry.version += 1
    session.flush()


def stop_waiting(session: Session, row: ServiceSession, person_id: str) -> None:
    """Somebody books in a (locked) session where they wait: their place on the list ends."""
    entry = live_of(session, row.id, person_id)
    if entry is not None:
        end(session, entry, "left")


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


def take(session: Session, id: str, actor_id: str) -> tuple[WaitlistEntry, str, ServiceSession]:
    """Turn an offer that still holds into a right to book; return entry, slot and (locked) session.

    The caller books in the same transaction: the places go from held to taken, or nothing happens.
    """
    limits.lock(session, [actor_id])
    entry, row = mine(session, id, actor_id, staff=False)
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
    return entry, slot_id, row


def place(session: Session, entry: WaitlistEntry) -> int | None:
    """Return the 1-based place among those who still wait; None for who does not."""
    columns = (WaitlistEntry.id, WaitlistEntry.rank, WaitlistEntry.pair_id)
    live = select(*columns).where(
        WaitlistEntry.session_id == entry.session_id, WaitlistEntry.state.in_(LIVE)
    )
    return places(session.execute(live).all()).get(entry.id)


def live_of(session: Session, session_id: str, person_id: str) -> WaitlistEntry | None:
    """Return the live entry of a person in a session."""
    theirs = _live(session_id).where(WaitlistEntry.person_id == person_id)
    return session.scalars(theirs, execution_options={"populate_existing": True}).one_or_none()


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


def mine(
    session: Session, id: str, actor_id: str, *, staff: bool
) -> tuple[WaitlistEntry, ServiceSession]:
    """Lock the session of an entry; return both, to its owner and to staff."""
    entry = visible(session, id, actor_id, staff=staff)
    row = locked(session, entry.session_id)
    session.refresh(entry)
    return entry, row


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
