"""What came of it all: devices fixed, the rate by category, kilograms kept in use, people helped."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.enrolment import Enrolment
from services.booking.models.outcome import END_OF_LIFE, FIXED, REPAIRABLE, UNKNOWN
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.models.weight import weight_of
from services.booking.queries import past
from services.booking.queries.rates import rate
from services.booking.queries.records import Wanted, of_days

NAMES = {FIXED: "fixed", REPAIRABLE: "repairable", END_OF_LIFE: "end_of_life", UNKNOWN: "unclear"}
DAYS_UP_TO, WEEKS_UP_TO = 14, 120  # days: how fine the course over time is drawn
MOST_STEPS = 400
SOURCES = OWN, IMPORTED, ALL = "own", "imported", "all"
PEOPLE = ("people", "volunteers", "sessions", "trained")


@dataclass(frozen=True)
class Count:
    """So many devices of a category came to this outcome on a day."""

    day: date
    category_id: int
    status: str
    devices: int


def impact(session: Session, wanted: Wanted, source: str = OWN) -> dict[str, Any]:
    """Return the figures of the closed records of some days; a few statements, whatever their number.

    `source`: our own, imported ones, or all. Of imported ones nobody knows whom they helped.
    """
    counts = counts_of(session, wanted) if source != IMPORTED else []
    if source != OWN:
        counts += [Count(*one) for one in past.counts(session, wanted)]
    people = _people(session, wanted) if source != IMPORTED else dict.fromkeys(PEOPLE, 0)
    return (
        sums(counts)
        | {"from_": wanted.first, "to": wanted.last}
        | {"categories": _by_category(counts), "course": course(counts, wanted)}
        | people
    )


def counts_of(session: Session, wanted: Wanted) -> list[Count]:
    """Count closed records by session, category and outcome; the day is the venue's."""
    statement = (
        select(ServiceSession.starts_at, ServiceSession.zone, Ticket.category_id, Ticket.status)
        .add_columns(func.count())
        .select_from(Ticket)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(*of_days(wanted), Ticket.state == "closed")
        .group_by(ServiceSession.id, ServiceSession.starts_at, ServiceSession.zone)
        .group_by(Ticket.category_id, Ticket.status)
    )
    return [
        Count(starts_at.astimezone(ZoneInfo(zone)).date(), category, status, number)
        for starts_at, zone, category, status, number in session.execute(statement)
    ]


def sums(counts: Iterable[Count]) -> dict[str, Any]:
    """Return devices by outcome, the rate among known outcomes, and the weight of what was fixed."""
    by_status: Counter[str] = Counter()
    fixed: Counter[int] = Counter()
    for one in counts:
        by_status[one.status] += one.devices
        if one.status == FIXED:
            fixed[one.category_id] += one.devices
    devices = by_status.total()
    known = devices - by_status[UNKNOWN]
    named = {name: by_status[status] for status, name in NAMES.items()}
    return (
        {"devices": devices}
        | named
        | {"rate": rate(by_status[FIXED], known), "kilograms": _kilograms(fixed)}
    )


def course(counts: Iterable[Count], wanted: Wanted) -> dict[str, Any]:
    """Return the figures over time, in days, weeks (from Monday) or months, without gaps."""
    found = list(counts)
    if not found:
        return {"step": "month", "items": []}
    first, last = min(one.day for one in found), max(one.day for one in found)
    span = ((wanted.last or last) - (wanted.first or first)).days
    step = "day" if span < DAYS_UP_TO else "week" if span < WEEKS_UP_TO else "month"
    begins = BEGINS[step]
    groups: dict[date, list[Count]] = defaultdict(list)
    for one in found:
        groups[begins(one.day)].append(one)
    days: list[date] = []
    day = begins(first)
    while day <= last and len(days) < MOST_STEPS:
        days.append(day)
        day = _next(day, step)
    return {"step": step, "items": [{"from_": day} | sums(groups[day]) for day in days]}


def _by_category(counts: Iterable[Count]) -> list[dict[str, Any]]:
    """Return the figures by category, those with the most devices first."""
    groups: dict[int, list[Count]] = defaultdict(list)
    for one in counts:
        groups[one.category_id].append(one)
    found = [{"category_id": id} | sums(members) for id, members in groups.items()]
    return sorted(found, key=lambda one: (-one["devices"], one["category_id"]))


def _kilograms(fixed: Counter[int]) -> dict[str, Any]:
    usual = low = high = 0.0
    unweighed = 0
    for category, devices in fixed.items():
        weight = weight_of(category)
        if weight is None:
            unweighed += devices
            continue
        usual += devices * weight.usual
        low += devices * weight.low
        high += devices * weight.high
    names = ("usual", "low", "high")
    values = {name: round(sum_, 1) for name, sum_ in zip(names, (usual, low, high), strict=True)}
    return values | {"unweighed": unweighed}


def _people(session: Session, wanted: Wanted) -> dict[str, int]:
    """Count who was helped (with an account once, without one each visit), who helped, who learned."""
    closed = (
        select(Ticket.visit_id)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(*of_days(wanted), Ticket.state == "closed")
    )
    known, visits = session.execute(
        select(
            func.count(Visit.person_id.distinct()),
            func.count(Visit.id) - func.count(Visit.person_id),
        ).where(Visit.id.in_(closed))
    ).one()
    volunteers, sessions = session.execute(
        select(func.count(Ticket.volunteer_id.distinct()), func.count(Ticket.session_id.distinct()))
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(*of_days(wanted), Ticket.state == "closed")
    ).one()
    trained = session.scalar(
        select(func.count())
        .select_from(Enrolment)
        .join(ServiceSession, ServiceSession.id == Enrolment.session_id)
        .where(*of_days(wanted), Enrolment.state == "attended")
    )
    return {
        "people": known + visits,
        "volunteers": volunteers,
        "sessions": sessions,
        "trained": int(trained or 0),
    }


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


BEGINS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": _monday,
    "month": _month,
}


def _next(day: date, step: str) -> date:
    if step == "month":
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if step == "week" else 1)
