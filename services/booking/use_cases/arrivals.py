"""Arriving: check-in with a booking, a walk-in number without one; both end in one line."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.appointment import LIVE as LIVE_APPOINTMENT
from services.booking.models.appointment import Appointment
from services.booking.models.photo import Photo
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit, turn
from services.booking.queries import visits
from services.booking.queries.arrivals import CLOSES_AFTER, OPENS_BEFORE, takes_arrivals
from services.booking.queries.places import check_in_code
from services.booking.use_cases.booking_rules import Device
from services.booking.use_cases.line import come_back
from services.booking.use_cases.line_rules import explained
from services.booking.use_cases.placing import settle, take_number
from services.booking.use_cases.projection import locked as locked_session
from services.booking.use_cases.reworks import refuse_reworks
from services.booking.use_cases.turns import mark_rework
from shared.codes import verify_code
from shared.database import suite_time
from shared.errors import NotFound
from shared.ids import new_id

KEY_BYTES = 24


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes without a booking; `by_desk` says that staff typed it in."""

    actor_id: str
    person_id: str | None
    name: str
    devices: tuple[Device, ...]
    by_desk: bool
    occurred_at: datetime | None = None


def open_session(session: Session, session_id: str) -> ServiceSession:
    """Lock and return a session that takes arrivals now; a `Refusal` says why it does not.

    A session's row is always the first lock of an arrival: it carries the numbers.
    """
    row = locked_session(session, session_id)
    if row is None:
        raise NotFound
    if row.state != "published":
        raise errors.SessionCancelled
    if not row.is_repair:
        raise errors.NoSlotsHere
    if not takes_arrivals(row, suite_time(session)):
        opens = errors.local(row.starts_at - OPENS_BEFORE, row.zone)
        raise errors.NotTheDay(
            opens=opens, closes=errors.local(row.ends_at + CLOSES_AFTER, row.zone)
        )
    return row


def bounded(row: ServiceSession, occurred_at: datetime | None, at: datetime) -> datetime:
    """Return the device's time, held inside the session's day and, trials aside, not after now."""
    moment = occurred_at or at
    if not row.trial:
        moment = min(moment, at)
    return min(max(moment, row.starts_at - OPENS_BEFORE), row.ends_at + CLOSES_AFTER)


def prove_presence(secret: bytes, session_id: str, code: str, at: datetime) -> None:
    """Refuse a wall code that is not the current one of this session (or of the last minutes)."""
    if not verify_code(secret, session_id, code, at):
        text = ("请再扫一次墙上的码。", "Please scan the code on the wall again.")
        raise errors.WallCodeOver(fields={"wall_code": text})


def check_in(
    session: Session, row: ServiceSession, which: Appointment, actor_id: str, at: datetime | None
) -> Visit:
    """Put a booked person in line; early, late or twice, they end with one place in it."""
    statement = (
        update(Appointment)
        .where(Appointment.id == which.id, Appointment.session_id == row.id)
        .where(Appointment.state.in_(("booked", "no_show")))
        .values(state="arrived", version=Appointment.version + 1)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]  # DML result
        return _known(session, which)
    visit = _arrive(session, row, which.person_id, which, at)
    session.execute(
        update(Appointment).where(Appointment.id == which.id).values(number=visit.number)
    )
    mine = (Ticket.appointment_id == which.id) & (Ticket.state == "waiting")
    session.execute(update(Ticket).where(mine).values(visit_id=visit.id))
    session.refresh(which)
    settle(session, row, visit, actor_id, "visit.check_in")
    return _first_again(session, visit, actor_id)


def walk_in(session: Session, row: ServiceSession, who: Arrival) -> Visit:
    """Give a number to somebody without a booking; they need no account at the desk."""
    if who.person_id:
        _refuse_booked(session, row, who.person_id)
        known = visits.live_of(session, row.id, who.person_id)
        if known is not None:
            return come_back(session, known.id, who.actor_id)
    if not who.by_desk and len(who.devices) > row.max_devices:
        raise errors.TooManyDevices(most=row.max_devices)
    _refuse_devices(session, row, who)
    visit = _arrive(session, row, who.person_id, None, who.occurred_at, name=who.name)
    for device in who.devices:
        add_ticket(session, visit, device)
    settle(session, row, visit, who.actor_id, "visit.walk_in")
    return _first_again(session, visit, who.actor_id)


def find_booked(
    session: Session, row: ServiceSession, secret: bytes, given: dict[str, Any]
) -> Appointment | Visit:
    """Return whom the desk means: by appointment, by a visit's number, or by the ticket's code."""
    if given.get("appointment_id"):
        found = session.get(Appointment, given["appointment_id"])
        if found is not None and found.session_id == row.id:
            return found
        raise errors.NoBookingHere
    said = (given.get("number") or given.get("code") or "").strip().upper()
    visit = session.scalars(
        select(Visit).where(Visit.session_id == row.id, Visit.number == said)
    ).one_or_none()
    return visit or by_code(session, row, secret, said)


def by_code(session: Session, row: ServiceSession, secret: bytes, code: str) -> Appointment:
    """Return the appointment of this session that a ticket's code belongs to."""
    for one in session.scalars(select(Appointment).where(Appointment.session_id == row.id)):
        if compare_digest(check_in_code(secret, one.id).encode(), code.encode()):
            return one
    raise errors.NoBookingHere


def booked_by(session: Session, row: ServiceSession, person_id: str) -> Appointment:
    """Return somebody's own live appointment in this session."""
    states = (*LIVE_APPOINTMENT, "no_show")
    statement = select(Appointment).where(
        Appointment.session_id == row.id,
        Appointment.person_id == person_id,
        Appointment.state.in_(states),
    )
    found = session.scalars(statement.order_by(Appointment.created_at.desc())).first()
    if found is None:
        raise errors.NoBookingHere
    return found


def add_ticket(session: Session, visit: Visit, device: Device) -> Ticket:
    """Write one more device of a visit."""
    ticket = Ticket(
        id=new_id(),
        visit_id=visit.id,
        session_id=visit.session_id,
        person_id=visit.person_id,
        state="waiting",
        version=1,
        **vars(device),
    )
    session.add(ticket)
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error
    return ticket


def refuse_categories(row: ServiceSession, devices: Sequence[Device]) -> None:
    """Refuse devices of a kind that is not repaired in this session."""
    refused = {
        f"devices.{index}.category_id": ("这里不修这类物品。", "Not repaired in this session.")
        for index, device in enumerate(devices)
        if not row.accepts(device.category_id)
    }
    if refused:
        raise errors.CategoryRefused(fields=refused)


def _first_again(session: Session, visit: Visit, actor_id: str) -> Visit:
    """Give the turn of a rework to whoever brings a device back that was repaired lately."""
    again = exists().where(Ticket.visit_id == visit.id, Ticket.rework_of.is_not(None))
    return mark_rework(session, visit.id, actor_id) if session.scalar(select(again)) else visit


def _known(session: Session, which: Appointment) -> Visit:
    """Return the visit of who has arrived before."""
    visit = visits.of_appointment(session, which.id)
    if visit is None:
        raise errors.NotLive
    return visit


def _arrive(
    session: Session,
    row: ServiceSession,
    person_id: str | None,
    booking: Appointment | None,
    occurred_at: datetime | None,
    *,
    name: str = "",
) -> Visit:
    at = suite_time(session)
    arrived_at = bounded(row, occurred_at, at)
    starts_at, late = (booking.starts_at, booking.late_minutes) if booking else (None, 0)
    visit = Visit(
        id=new_id(),
        session_id=row.id,
        appointment_id=booking.id if booking else None,
        person_id=person_id,
        name=name,
        access_key=secrets.token_urlsafe(KEY_BYTES),
        number=take_number(session, row.id, booked=booking is not None),
        state="waiting",
        calls=0,
        slot_starts_at=starts_at,
        late_minutes=late,
        turn_at=turn(arrived_at, starts_at, row.starts_at, late=timedelta(minutes=late)),
        arrived_at=arrived_at,
        recorded_at=at,
        version=1,
    )
    session.add(visit)
    try:
        session.flush()
    except IntegrityError as error:
        raise explained(error) from error
    return visit


def _refuse_booked(session: Session, row: ServiceSession, person_id: str) -> None:
    statement = select(Appointment.starts_at).where(
        Appointment.session_id == row.id,
        Appointment.person_id == person_id,
        Appointment.state == "booked",
    )
    starts_at = session.scalar(statement)
    if starts_at is not None:
        raise errors.BookedAlready(time=errors.local(starts_at, row.zone))


def _refuse_devices(session: Session, row: ServiceSession, who: Arrival) -> None:
    refuse_categories(row, who.devices)
    refuse_reworks(session, who.devices, who.person_id, staff=who.by_desk)
    photos = {device.photo_id for device in who.devices if device.photo_id}
    owners = [who.actor_id, *([who.person_id] if who.person_id else [])]
    mine = select(Photo.id).where(Photo.id.in_(photos), Photo.owner_id.in_(owners))
    if photos - set(session.scalars(mine)):
        raise errors.PhotoMissing
