"""Displacing: when no stand-in was found, the newest bookings go to the best free place, told once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.appointment import LIVE, Appointment
from services.booking.models.draw import DRAW, WINDOW
from services.booking.models.live import touch
from services.booking.models.risk import NOTICE, Risk
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.ticket import Ticket
from services.booking.models.waitlist import LIVE as WAITING
from services.booking.models.waitlist import WaitlistEntry
from services.booking.queries.at_risk import newest_above
from services.booking.use_cases import limits, risks, waitlist
from services.booking.use_cases.appointments import visible
from services.booking.use_cases.waitlist_offers import promote
from shared import audit
from shared.database import Database, suite_now, suite_time

LOOK_AHEAD = timedelta(days=14)
A_DAY = timedelta(days=1)
REASON = "volunteer_dropped"


@dataclass(frozen=True)
class Scene:
    """All that is locked while people are displaced: sessions and slots, each by id, and the time."""

    at: datetime
    sessions: dict[str, ServiceSession]
    slots: dict[str, Slot]


def displace_due(database: Database) -> int:
    """Displace wherever the stand-in time is over, one session per transaction; return how many."""
    with database.transaction() as session:
        risks.note_missing(session)
        risks.forget_old(session)
    with database.reading() as session:
        over = Slot.taken > Slot.open_capacity + Risk.kept
        wanted = (
            select(Risk.session_id)
            .join(Slot, Slot.id == Risk.slot_id)
            .where(Risk.until <= suite_now(), over, Slot.starts_at > suite_now(), ~Slot.retired)
            .distinct()
        )
        due = sorted(session.scalars(wanted))
    moved = 0
    for session_id in due:
        with database.transaction() as session:
            moved += displace(session, session_id)
    return moved


def displace_now(session: Session, slot_id: str, actor_id: str) -> str:
    """Displace what lies above in one slot at once; return the session's id."""
    session_id = session.scalars(select(Slot.session_id).where(Slot.id == slot_id)).one_or_none()
    if session_id is None or not displace(session, session_id, slot_id):
        raise errors.NotAtRisk
    audit.record(session, actor_id, "slot.displace", slot_id)
    return session_id


def accept_place(session: Session, id: str, actor_id: str) -> Appointment:
    """Take the place one was displaced to; from then on the ordinary cut-off holds again."""
    appointment = visible(session, id, actor_id, staff=False)
    if appointment.displaced_at is None or appointment.state != "booked":
        raise errors.NotDisplaced
    if appointment.accepted_at is None:
        appointment.accepted_at = suite_time(session)
        session.flush()
        audit.record(session, actor_id, "appointment.accept", id)
    return appointment


def displace(session: Session, session_id: str, only: str | None = None) -> int:
    """Find everybody above in due slots (or in `only`) another place; return how many had to go.

    Locks people's counters, sessions, then slots, each by id. The earlier somebody booked, the earlier they choose.
    """
    mine = (Appointment.session_id == session_id) & (Appointment.state == "booked")
    limits.lock_of(session, mine)
    scene = _locked(session, session_id)
    going = [
        appointment
        for risk, slot in _due(session, scene, session_id, only)
        for appointment in newest_above(session, slot, risk.kept)
    ]
    going.sort(key=lambda one: (one.created_at, one.id))
    touched = {session_id}
    for appointment in going:
        touched.add(_find_place(session, scene, appointment))
    _settle(session, scene, session_id)
    for id in sorted(touched):
        promote(session, scene.sessions[id])
    for id in sorted(touched):
        touch(session, id)
    return len(going)


def _locked(session: Session, session_id: str) -> Scene:
    at = suite_time(session)
    own = select(ServiceSession.offering_id).where(ServiceSession.id == session_id)
    coming = (
        (ServiceSession.offering_id == own.scalar_subquery())
        & (ServiceSession.state == "published")
        & (ServiceSession.ends_at > at)
        & (ServiceSession.starts_at < at + LOOK_AHEAD)
    )
    fresh = {"populate_existing": True}
    rows = (
        select(ServiceSession)
        .where(or_(ServiceSession.id == session_id, coming))
        .order_by(ServiceSession.id)
        .with_for_update(key_share=True)
    )
    sessions = {row.id: row for row in session.scalars(rows, execution_options=fresh)}
    coming_slots = (
        select(Slot)
        .where(Slot.session_id.in_(sessions), ~Slot.retired, Slot.starts_at > at)
        .order_by(Slot.id)
        .with_for_update(key_share=True)
    )
    slots = {slot.id: slot for slot in session.scalars(coming_slots, execution_options=fresh)}
    return Scene(at, sessions, slots)


def _due(
    session: Session, scene: Scene, session_id: str, only: str | None
) -> list[tuple[Risk, Slot]]:
    wanted = select(Risk).where(Risk.session_id == session_id).order_by(Risk.slot_id)
    found = session.scalars(wanted, execution_options={"populate_existing": True}).all()
    return [
        (risk, scene.slots[risk.slot_id])
        for risk in found
        if risk.slot_id in scene.slots
        and (risk.slot_id == only if only else risk.until <= scene.at)
    ]


def _find_place(session: Session, scene: Scene, appointment: Appointment) -> str:
    """Move the appointment to the best place that takes it; return the id of its session then."""
    for slot in _candidates(session, scene, appointment):
        if _moved(session, scene, appointment, slot):
            return slot.session_id
    _to_waitlist(session, scene, appointment)
    return appointment.session_id


def _candidates(session: Session, scene: Scene, appointment: Appointment) -> list[Slot]:
    """Return the free places, best first: this session, later sessions, earlier ones; each by nearness."""
    mine = select(Appointment.session_id, Appointment.starts_at, Appointment.ends_at).where(
        Appointment.person_id == appointment.person_id,
        Appointment.state.in_(LIVE),
        Appointment.id != appointment.id,
    )
    others = session.execute(mine).all()
    categories = session.scalars(
        select(Ticket.category_id).where(Ticket.appointment_id == appointment.id)
    ).all()
    taken_sessions = {one.session_id for one in others}

    def fits(slot: Slot) -> bool:
        row = scene.sessions[slot.session_id]
        return (
            slot.free >= appointment.devices
            and _in_time(scene, appointment, slot)
            and (row.id == appointment.session_id or _takes(row, scene.at))
            and row.id not in taken_sessions
            and all(row.accepts(category) for category in categories)
            and not any(o.starts_at < slot.ends_at and slot.starts_at < o.ends_at for o in others)
        )

    def distance(slot: Slot) -> tuple[bool, bool, timedelta, datetime]:
        elsewhere = slot.session_id != appointment.session_id
        earlier = elsewhere and slot.starts_at < appointment.starts_at
        away = abs(slot.starts_at - appointment.starts_at)
        return elsewhere, earlier, away, slot.starts_at

    free = [s for s in scene.slots.values() if s.id != appointment.slot_id and fits(s)]
    return sorted(free, key=distance)


def _in_time(scene: Scene, appointment: Appointment, slot: Slot) -> bool:
    """Whether somebody can still make it: not earlier than planned without notice of a day or so."""
    notice = NOTICE if slot.session_id == appointment.session_id else A_DAY
    return slot.starts_at > appointment.starts_at or slot.starts_at >= scene.at + notice


def _takes(row: ServiceSession, at: datetime) -> bool:
    """Whether people may be sent to another session now: its booking is open to everybody."""
    if row.opening == DRAW and at < row.booking_opens_at + 2 * WINDOW:
        return False  # a draw that has not been made comes first
    if row.closed_for:
        return False
    return row.state == "published" and row.booking_opens_at <= at < row.booking_closes_at


def _moved(session: Session, scene: Scene, appointment: Appointment, slot: Slot) -> bool:
    """Change both slots and the appointment, or nothing where it no longer stands or fits."""
    before, old = appointment.starts_at, scene.slots[appointment.slot_id]
    was_in = appointment.session_id
    values = {
        "slot_id": slot.id,
        "session_id": slot.session_id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "moved_along": False,
        "late_minutes": 0,
    }
    try:
        with session.begin_nested():
            if not _change(session, scene, appointment, values):
                return True  # arrived or gone in this moment: nothing to do
            shift_places(session, old, -appointment.devices)
            shift_places(session, slot, appointment.devices)
    except IntegrityError:
        session.refresh(appointment)
        return False
    waitlist.stop_waiting(session, scene.sessions[slot.session_id], appointment.person_id)
    mine = update(Ticket).where(Ticket.appointment_id == appointment.id)
    session.execute(mine.values(session_id=slot.session_id))
    events.displaced(session, appointment, before, was_in)
    return True


def _to_waitlist(session: Session, scene: Scene, appointment: Appointment) -> None:
    """Let the place go; the person stands at the head of the waitlist and is told so."""
    before, old = appointment.starts_at, scene.slots[appointment.slot_id]
    if not _change(session, scene, appointment, {"state": "cancelled"}):
        return
    shift_places(session, old, -appointment.devices)
    limits.give_back(session, appointment.person_id, (appointment.week_key, appointment.term_key))
    row = scene.sessions[appointment.session_id]
    if not _waits_already(session, appointment):
        everything = (appointment.person_id, appointment.devices, list[str]())
        waitlist.add(session, row, *everything, by="session", first=True)
    waiting = (Ticket.appointment_id == appointment.id) & (Ticket.state == "waiting")
    laid_aside = update(Ticket).where(waiting).values(state="cancelled", version=Ticket.version + 1)
    session.execute(laid_aside)
    events.displaced(session, appointment, before, appointment.session_id, waitlisted=True)


def _waits_already(session: Session, appointment: Appointment) -> bool:
    mine = select(WaitlistEntry.id).where(
        WaitlistEntry.session_id == appointment.session_id,
        WaitlistEntry.person_id == appointment.person_id,
        WaitlistEntry.state.in_(WAITING),
    )
    return session.scalars(mine).first() is not None


def _change(
    session: Session, scene: Scene, appointment: Appointment, values: dict[str, object]
) -> bool:
    stands = (Appointment.version == appointment.version) & (Appointment.state == "booked")
    told = {"by": "session", "reason": REASON, "accepted_at": None, "displaced_at": scene.at}
    changed = session.execute(
        update(Appointment)
        .where(Appointment.id == appointment.id, stands)
        .values(
            version=appointment.version + 1,
            displaced_from=appointment.starts_at,
            **told,
            **values,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(appointment)
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]  # DML gives a cursor


def shift_places(session: Session, slot: Slot, count: int) -> None:
    """Take (or give back) places of a locked slot; the CHECK has the last word."""
    session.execute(
        update(Slot)
        .where(Slot.id == slot.id)
        .values(taken=Slot.taken + count)
        .execution_options(synchronize_session=False)
    )
    session.refresh(slot)


def _settle(session: Session, scene: Scene, session_id: str) -> None:
    """Let go of risks that are none any more."""
    for risk in session.scalars(select(Risk).where(Risk.session_id == session_id)).all():
        slot = scene.slots.get(risk.slot_id)
        if slot is None or slot.taken <= slot.open_capacity:
            session.delete(risk)
    session.flush()
