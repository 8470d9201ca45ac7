"""A fair opening: the seed is fixed before, entries are taken for a minute, one draw decides."""

from hashlib import sha256
from secrets import token_bytes, token_hex
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.draw import DRAW, WINDOW, Draw, DrawEntry, place_in_line
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.use_cases import limits, waivers
from services.booking.use_cases.appointments import book_slot
from services.booking.use_cases.booking_rules import Device, Wish, refuse_devices, refuse_second
from services.booking.use_cases.waitlist import add
from services.booking.use_cases.waitlist_offers import promote
from shared import audit
from shared.database import Database, insert_if_absent, suite_time
from shared.errors import NotFound, Refusal
from shared.ids import new_id

SEED_BYTES, PSEUDONYM_BYTES = 32, 16


def follow(session: Session, row: ServiceSession) -> None:
    """Commit to a seed as soon as a session with a draw is known; it stays whatever changes.

    A session that is no longer drawn for loses its draw, unless somebody has entered.
    """
    if row.opening == DRAW and row.is_repair:
        seed = token_bytes(SEED_BYTES)
        values = {
            "session_id": row.id,
            "seed": seed.hex(),
            "seed_hash": sha256(seed).hexdigest(),
            "state": "waiting",
            "created_at": suite_time(session),
        }
        insert_if_absent(session, Draw, values, key=["session_id"])
        return
    draw = session.get(Draw, row.id)
    entered = select(DrawEntry.id).where(DrawEntry.session_id == row.id).limit(1)
    if draw is not None and not draw.is_over and session.execute(entered).first() is None:
        session.delete(draw)
        session.flush()


def enter(
    session: Session,
    session_id: str,
    person_id: str,
    wishes: list[str],
    devices: list[Any],
    *,
    waiver_version: int | None = None,
) -> DrawEntry:
    """Enter the draw, or change what one entered; who comes first does not matter.

    The draw's row is locked shared: everybody enters side by side, and the draw itself waits for
    whoever is still writing.
    """
    draw, row = _open(session, session_id)
    _refuse_wishes(session, row, wishes)
    wish = Wish(wishes[0], person_id, person_id, tuple(Device(**one) for one in devices))
    refuse_devices(wish, row)
    if limit := limits.reached(session, row, person_id):
        raise limit
    waivers.agree(session, row, person_id, waiver_version, staff=False)
    refuse_second(session, person_id, session.get_one(Slot, wishes[0]), None, overlaps=False)
    said = {"wishes": wishes, "devices": devices, "state": "in"}
    fresh = {
        "id": new_id(),
        "session_id": draw.session_id,
        "person_id": person_id,
        "pseudonym": token_hex(PSEUDONYM_BYTES),
        "created_at": suite_time(session),
        "version": 1,
        **said,
    }
    mine = (DrawEntry.session_id == session_id) & (DrawEntry.person_id == person_id)
    if not insert_if_absent(session, DrawEntry, fresh, key=["session_id", "person_id"]):
        session.execute(update(DrawEntry).where(mine).values(**said))
    audit.record(session, person_id, "draw.enter", session_id)
    return session.scalars(select(DrawEntry).where(mine)).one()


def withdraw(session: Session, session_id: str, person_id: str) -> DrawEntry:
    """Leave the draw again, as long as entries are taken."""
    _open(session, session_id)
    mine = (DrawEntry.session_id == session_id) & (DrawEntry.person_id == person_id)
    entry = session.scalars(select(DrawEntry).where(mine)).one_or_none()
    if entry is None:
        raise NotFound
    entry.state, entry.wishes, entry.devices = "withdrawn", [], []
    session.flush()
    audit.record(session, person_id, "draw.withdraw", session_id)
    return entry


def draw_due(database: Database) -> int:
    """Make every draw whose minute is over, each in a transaction of its own; return how many."""
    with database.reading() as session:
        over = suite_time(session) - WINDOW
        wanted = (
            select(Draw.session_id)
            .join(ServiceSession, ServiceSession.id == Draw.session_id)
            .where(Draw.state == "waiting", ServiceSession.booking_opens_at <= over)
            .where(ServiceSession.state == "published")
        )
        due = sorted(session.scalars(wanted))
    made = 0
    for session_id in due:
        with database.transaction() as session:
            made += draw(session, session_id)
    return made


def draw(session: Session, session_id: str) -> bool:
    """Draw once: seat everybody in order, the first wish with room; the rest waits in that order.

    Locks people's counters, the session, the draw, then the slots by id. A crash midway leaves everything as it was,
    and a second worker finds the draw made.
    """
    entrants = select(DrawEntry.person_id).where(
        DrawEntry.session_id == session_id, DrawEntry.person_id.is_not(None)
    )
    limits.lock(session, [str(id) for id in session.scalars(entrants)])
    row = _locked(session, session_id)
    if row is None or row.state != "published":
        return False
    made = session.execute(
        update(Draw)
        .where(Draw.session_id == session_id, Draw.state == "waiting")
        .values(state="drawn", drawn_at=suite_time(session))
    )
    if made.rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        return False
    slots = select(Slot).where(Slot.session_id == session_id).order_by(Slot.id)
    locked = slots.with_for_update(key_share=True)
    found_slots = session.scalars(locked, execution_options={"populate_existing": True})
    room = {slot.id: slot.free for slot in found_slots}
    found = session.get_one(Draw, session_id, populate_existing=True)
    entries = in_order(session, found)
    for position, entry in enumerate(entries, start=1):
        entry.position = position
        entry.state = _outcome(session, row, entry, room)
        entry.devices = []
        session.flush()
        if entry.state != "seated":
            events.draw_entry(session, entry, len(entries))
    promote(session, row)
    events.draw_made(session, found, entries)
    touch(session, session_id)
    return True


def in_order(session: Session, draw: Draw) -> list[DrawEntry]:
    """Return the entries that took part, in the order that seed and pseudonyms make."""
    taking_part = select(DrawEntry).where(
        DrawEntry.session_id == draw.session_id, DrawEntry.state != "withdrawn"
    )
    seed = bytes.fromhex(draw.seed)
    entries = session.scalars(taking_part, execution_options={"populate_existing": True}).all()
    return sorted(entries, key=lambda entry: place_in_line(seed, entry.pseudonym))


def forget_person(session: Session, person_id: str) -> None:
    """Take somebody out of draws that are ahead; in one that was made only the pseudonym stays."""
    mine = DrawEntry.person_id == person_id
    ahead = mine & (DrawEntry.state == "in")
    session.execute(update(DrawEntry).where(ahead).values(state="withdrawn", wishes=[]))
    session.execute(update(DrawEntry).where(mine).values(person_id=None, devices=[], wishes=[]))


def _open(session: Session, session_id: str) -> tuple[Draw, ServiceSession]:
    row = session.get(ServiceSession, session_id)
    if row is None:
        raise NotFound
    if row.state != "published":
        raise errors.SessionCancelled
    if row.closed_for:
        raise errors.ClosedThatDay(why_zh=row.closed_for["zh"], why_en=row.closed_for["en"])
    shared = select(Draw).where(Draw.session_id == session_id).with_for_update(read=True)
    found = session.scalars(shared, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise errors.NoDraw
    at = suite_time(session)
    if at < row.booking_opens_at:
        raise errors.DrawNotOpen(opens=errors.local(row.booking_opens_at, row.zone))
    if found.is_over or at >= row.booking_opens_at + WINDOW:
        raise errors.DrawClosed
    return found, row


def _refuse_wishes(session: Session, row: ServiceSession, wishes: list[str]) -> None:
    mine = select(Slot.id).where(Slot.session_id == row.id, ~Slot.retired)
    known = set(session.scalars(mine))
    if len(set(wishes)) != len(wishes) or not known.issuperset(wishes):
        raise errors.WishesUnknown(fields={"wishes": (errors.WishesUnknown.zh, "Choose again.")})


def _locked(session: Session, session_id: str) -> ServiceSession | None:
    statement = select(ServiceSession).where(ServiceSession.id == session_id)
    return session.scalars(statement.with_for_update(key_share=True)).one_or_none()


def _outcome(session: Session, row: ServiceSession, entry: DrawEntry, room: dict[str, int]) -> str:
    """Seat one entry, or let it wait; `room`: devices that each (locked) slot still takes."""
    person_id = str(entry.person_id)
    devices = tuple(Device(**one) for one in entry.devices)
    for slot_id in entry.wishes:
        if room.get(slot_id, 0) < len(devices):
            continue
        wish = Wish(slot_id, person_id, person_id, devices, drawn=True)
        try:
            with session.begin_nested():
                booked = book_slot(session, wish)
        except Refusal:
            continue  # no room there, or the person is somewhere else by then: the next wish
        room[slot_id] -= len(devices)
        entry.appointment_id, entry.slot_id = booked.id, slot_id
        return "seated"
    try:
        with session.begin_nested():
            add(session, row, person_id, len(devices), list(entry.wishes), by="session")
    except Refusal:
        return "unplaced"  # somewhere on this waitlist already
    return "waitlisted"
