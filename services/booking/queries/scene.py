"""The line of a session as the model plays it: who is here, who may still come, who serves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import AT_BENCH, GRACE, WALK_IN_STEP, Visit
from services.booking.queries import wait
from services.booking.queries.service_times import ServiceTimes, learned
from services.booking.queries.wait_model import AtBench, Expected, InLine, Scene

LEARNS_FROM = 600  # tickets of the offering, the newest
LEARNS_EVERY = timedelta(minutes=1)
TICK = 15  # seconds: within them the same line is the same scene
NO_SHOWS, NO_SHOWS_COUNT = 0.1, 20.0  # share of bookings, before we know our own
STILL_COMES, STILL_COMES_FOR = 0.4, timedelta(minutes=40)  # who is late already
LATE_BY = 8.0  # minutes from now that somebody who is late may come
WALK_INS_OF = timedelta(minutes=60)
WALK_INS_COUNT = 30.0  # minutes without anybody that the rate starts from

_learned: dict[str, tuple[datetime, ServiceTimes]] = {}


def times_of(session: Session, row: ServiceSession, at: datetime) -> ServiceTimes:
    """Return what the offering's closed tickets teach; read again after a minute."""
    known = _learned.get(row.id)
    if known and timedelta(0) <= at - known[0] < LEARNS_EVERY:
        return known[1]
    statement = (
        select(Ticket.category_id, Visit.called_at, Ticket.started_at, Ticket.closed_at)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .join(Visit, Visit.id == Ticket.visit_id)
        .where(ServiceSession.offering_id == row.offering_id, Ticket.state == "closed")
        .where(Ticket.started_at.is_not(None), Ticket.closed_at.is_not(None))
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(LEARNS_FROM)
    )
    served, handovers = [], []
    for category, called_at, started_at, closed_at in session.execute(statement):
        served.append((category, _minutes(closed_at - started_at)))
        if called_at is not None and called_at <= started_at:
            handovers.append(_minutes(started_at - called_at))
    figures = {int(id): float(minutes) for id, minutes in (row.category_minutes or {}).items()}
    times = learned(served, handovers, float(row.minutes_per_device), figures)
    _learned[row.id] = (at, times)
    return times


def tick(at: datetime) -> datetime:
    """Return the moment that a scene's minutes count from."""
    return datetime.fromtimestamp(-(-at.timestamp() // TICK) * TICK, at.tzinfo)


def scene_of(
    session: Session,
    row: ServiceSession,
    at: datetime,
    visits: Sequence[Visit],
    devices: Mapping[str, Sequence[Ticket]],
    *,
    crews: wait.Crews,
) -> Scene:
    """Return the scene of a line; instants become minutes from the next tick of 15 s."""
    now = tick(at)
    opens_in = max(0.0, _minutes(row.starts_at - now))
    return Scene(
        crews=crews,
        at_bench=tuple(
            _at_bench(devices.get(one.id, ()), now) for one in visits if one.state in AT_BENCH
        ),
        waiting=tuple(
            InLine(
                one.id,
                _minutes(one.turn_at - now),
                _open(devices.get(one.id, ())),
                _minutes(one.snoozed_until - now) if one.snoozed_until else 0.0,
            )
            for one in visits
            if one.state == "waiting"
        ),
        expected=_expected(session, row, now),
        walk_ins=_walk_ins(session, row, now),
        walk_in_step=_minutes(WALK_IN_STEP),
        opens_in=opens_in,
        closes_in=max(0.0, _minutes(row.ends_at - now)),
        grace=_minutes(GRACE),
    )


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _open(tickets: Sequence[Ticket]) -> tuple[int, ...]:
    return tuple(one.category_id for one in tickets if one.state in OPEN and not one.paused_at)


def _at_bench(tickets: Sequence[Ticket], now: datetime) -> AtBench:
    begun = [one for one in tickets if one.state == "started"]
    rest = [one.category_id for one in tickets if one.state == "waiting" and not one.paused_at]
    started_at = begun[0].started_at if begun else None
    elapsed = max(0.0, _minutes(now - started_at)) if started_at else None
    return AtBench(elapsed, (*(one.category_id for one in begun), *rest))


def _expected(session: Session, row: ServiceSession, now: datetime) -> tuple[Expected, ...]:
    """Return who has booked and is not here; who is late already may still come, for a while."""
    statement = (
        select(Appointment.id, Appointment.starts_at, Appointment.late_minutes, Ticket.category_id)
        .join(Ticket, Ticket.appointment_id == Appointment.id)
        .where(Appointment.session_id == row.id, Appointment.state == "booked")
        .where(Appointment.starts_at > now - STILL_COMES_FOR, Ticket.state == "waiting")
        .order_by(Appointment.starts_at, Appointment.id, Ticket.id)
    )
    found: dict[str, tuple[datetime, int, list[int]]] = {}
    for id, starts_at, late, category in session.execute(statement):
        found.setdefault(id, (starts_at, late, []))[2].append(category)
    likely = 1 - _no_shows(session, row)
    return tuple(
        Expected(LATE_BY, likely * STILL_COMES, tuple(categories))
        if starts_at + timedelta(minutes=late) < now - GRACE
        else Expected(_minutes(starts_at - now), likely, tuple(categories), float(late))
        for starts_at, late, categories in found.values()
    )


def _no_shows(session: Session, row: ServiceSession) -> float:
    """Return the share of bookings nobody came for, in this offering's past sessions."""
    statement = (
        select(Appointment.state, func.count())
        .join(ServiceSession, ServiceSession.id == Appointment.session_id)
        .where(ServiceSession.offering_id == row.offering_id)
        .where(Appointment.state.in_(("served", "no_show")), ServiceSession.id != row.id)
        .group_by(Appointment.state)
    )
    counts = {str(state): int(many) for state, many in session.execute(statement)}
    missed, came = counts.get("no_show", 0), counts.get("served", 0)
    return (missed + NO_SHOWS * NO_SHOWS_COUNT) / (missed + came + NO_SHOWS_COUNT)


def _walk_ins(session: Session, row: ServiceSession, now: datetime) -> float:
    """Return how many people without a booking came per minute of the last hour."""
    since = max(row.starts_at, now - WALK_INS_OF)
    if now <= since:
        return 0.0
    which = (Visit.session_id == row.id) & Visit.appointment_id.is_(None)
    counted = select(func.count()).where(which, Visit.arrived_at > since)
    many = int(session.scalar(counted) or 0)
    return round(many / (_minutes(now - since) + WALK_INS_COUNT), 3)
