"""Records: what happened to each device, searched and filtered, as a page and piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.category import CATEGORIES
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from shared.database import Database
from shared.pagination import Page, page
from shared.search import folded, holds

STILL_OPEN, NO_SHOW, CANCELLED = "open", "no_show", "cancelled"
MOST_WORDS = 8
MOST_CHOICES = 300
SESSIONS_AT_ONCE = 20
NUMBER = func.coalesce(Visit.number, Appointment.number)
standing_of = case(
    (Ticket.status.is_not(None), Ticket.status),
    (Ticket.state == CANCELLED, CANCELLED),
    (Appointment.state == NO_SHOW, NO_SHOW),
    else_=STILL_OPEN,
)  # what came of a device, in one word
COLUMNS: tuple[Any, ...] = (
    Ticket.id, Ticket.session_id, Ticket.person_id, Ticket.visit_id, Ticket.appointment_id,
    Ticket.category_id, Ticket.brand, Ticket.problem, Ticket.note, Ticket.state, Ticket.status,
    Ticket.barrier, Ticket.bench, Ticket.volunteer_id, Ticket.started_at, Ticket.closed_at,
    Visit.name, Visit.arrived_at, NUMBER.label("number"), ServiceSession.starts_at,
    ServiceSession.title, ServiceSession.venue_name, ServiceSession.offering_id,
    ServiceSession.zone, ServiceSession.trial, standing_of.label("standing"),
    Appointment.starts_at.label("slot_starts_at"),
)  # fmt: skip
SORTS: dict[str, tuple[list[Any], bool]] = {
    "newest": ([ServiceSession.starts_at, Ticket.id], True),
    "oldest": ([ServiceSession.starts_at, Ticket.id], False),
    "category": ([Ticket.category_id, ServiceSession.starts_at, Ticket.id], False),
}


@dataclass(frozen=True)
class Wanted:
    """Which records: of the days `first` to `last` in the zone, by what else is given.

    `outcome` is a status of the standard, `open`, `no_show` or `cancelled`; without it all but cancelled
    ones.
    `came` is booked or walk_in. Trials only when asked for.
    """

    first: date | None = None
    last: date | None = None
    zone: str = "Asia/Shanghai"
    q: str = ""
    offering_id: str | None = None
    session_id: str | None = None
    category_id: int | None = None
    outcome: str | None = None
    barrier: str | None = None
    volunteer_id: str | None = None
    came: str | None = None
    trial: bool = False


def found(
    session: Session, wanted: Wanted, sort: str, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return one page of records; the first page says how many there are by outcome."""
    keys, descending = SORTS[sort]
    got = _page(session, wanted, (keys, descending), cursor, limit)
    counts = None if cursor else by_outcome(session, wanted)
    items = [shown(row) for row in got.items]
    return {"items": items, "next_cursor": got.next_cursor, "counts": counts}


def pieces(database: Database, wanted: Wanted) -> Iterator[Sequence[Row[Any]]]:
    """Give all records from the oldest on, the sessions of some weeks at a time.

    Each piece is read in a transaction of its own: a slow reader holds neither a connection nor a
    snapshot, and no statement grows with the whole. The database is asked at once, so that one
    that is away is noticed before the first byte leaves.
    """
    with database.reading() as session:
        which = select(ServiceSession.id).where(*of_days(wanted))
        ids = session.scalars(which.order_by(ServiceSession.starts_at, ServiceSession.id)).all()
    return _pieces(database, wanted, ids)


def _pieces(database: Database, wanted: Wanted, ids: Sequence[str]) -> Iterator[Sequence[Row[Any]]]:
    order = (ServiceSession.starts_at, ServiceSession.id, Ticket.closed_at, Ticket.id)
    for begin in range(0, len(ids), SESSIONS_AT_ONCE):
        some = ids[begin : begin + SESSIONS_AT_ONCE]
        statement = _joined(select(*COLUMNS), wanted).where(Ticket.session_id.in_(some))
        with database.reading() as session:
            rows = session.execute(statement.order_by(*order)).all()
        if rows:
            yield rows


def by_outcome(session: Session, wanted: Wanted) -> dict[str, int]:
    """Count records: all, and by what came of them."""
    statement = _joined(select(standing_of, func.count()), wanted).group_by(standing_of)
    counts = {row[0]: row[1] for row in session.execute(statement)}
    return {"total": sum(counts.values()), **counts}


def choices(session: Session, wanted: Wanted) -> dict[str, Any]:
    """Return what can be chosen in these days: sessions, offerings, categories, volunteers."""
    days = Wanted(wanted.first, wanted.last, wanted.zone, trial=wanted.trial)
    rows = session.execute(
        select(ServiceSession.id, ServiceSession.title, ServiceSession.starts_at)
        .add_columns(ServiceSession.offering_id)
        .where(*of_days(days), exists().where(Ticket.session_id == ServiceSession.id))
        .order_by(ServiceSession.starts_at.desc(), ServiceSession.id)
        .limit(MOST_CHOICES)
    ).all()
    offerings = {row.offering_id: row.title for row in reversed(rows)}
    names = ("id", "title", "starts_at")
    return {
        "sessions": [{name: getattr(row, name) for name in names} for row in rows],
        "offerings": [{"id": id, "title": title} for id, title in offerings.items()],
        "categories": _distinct(session, days, Ticket.category_id),
        "volunteers": _distinct(session, days, Ticket.volunteer_id),
    }


def shown(row: Row[Any]) -> dict[str, Any]:
    """Return a record as staff read it."""
    values = dict(zip(row._fields, row, strict=True))
    came = "booked" if values.pop("appointment_id") else "walk_in"
    return values | {"came": came, "name": row.name or None, "minutes": minutes_of(row)}


def minutes_of(row: Any) -> int | None:
    """Return the whole minutes that a device was at a bench, None where it was not."""
    if row.started_at is None or row.closed_at is None:
        return None
    taken: timedelta = row.closed_at - row.started_at
    return round(taken.total_seconds() / 60)


def midnight(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def _page(
    session: Session,
    wanted: Wanted,
    order: tuple[list[Any], bool],
    cursor: str | None,
    limit: int,
) -> Page:
    statement = _joined(select(*COLUMNS), wanted)
    keys, descending = order
    return page(session, statement, keys, cursor, limit, descending=descending, scalars=False)


def _joined(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    return (
        statement.select_from(Ticket)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .outerjoin(Visit, Visit.id == Ticket.visit_id)
        .outerjoin(Appointment, Appointment.id == Ticket.appointment_id)
        .where(*of_days(wanted), *_of_ticket(wanted), *_words(wanted.q))
    )


def of_days(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Give the conditions on the session: its days, which one, of which offering, no trial."""
    if wanted.first:
        yield ServiceSession.starts_at >= midnight(wanted.first, wanted.zone)
    if wanted.last:
        after = wanted.last + timedelta(days=1)
        yield ServiceSession.starts_at < midnight(after, wanted.zone)
    if wanted.session_id:
        yield ServiceSession.id == wanted.session_id
    if wanted.offering_id:
        yield ServiceSession.offering_id == wanted.offering_id
    if not wanted.trial:
        yield ~ServiceSession.trial


def _of_ticket(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.outcome:
        yield standing_of == wanted.outcome
    else:
        yield Ticket.state != CANCELLED
    if wanted.category_id:
        yield Ticket.category_id == wanted.category_id
    if wanted.barrier:
        yield Ticket.barrier == wanted.barrier
    if wanted.volunteer_id:
        yield Ticket.volunteer_id == wanted.volunteer_id
    if wanted.came:
        booked = Ticket.appointment_id.is_not(None)
        yield booked if wanted.came == "booked" else ~booked


def _words(q: str) -> Iterator[ColumnElement[bool]]:
    """Every word must stand in the number, the brand, the fault, the note or the kind of device."""
    for word in q.split()[:MOST_WORDS]:
        kinds = [one.id for one in CATEGORIES if folded(word) in folded(f"{one.zh} {one.en}")]
        texts = (Ticket.brand, Ticket.problem, Ticket.note, Visit.number, Appointment.number)
        named = [func.coalesce(holds(text, word), False) for text in (*texts, Visit.name)]
        yield or_(*named, Ticket.category_id.in_(kinds))


def _distinct(session: Session, days: Wanted, column: Any) -> list[Any]:
    statement = (
        select(column)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(*of_days(days), column.is_not(None))
        .distinct()
        .order_by(column)
        .limit(MOST_CHOICES)
    )
    return list(session.scalars(statement))
