"""Reads of custody: one device, what is here, what waits for a decision, what its owner sees."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from services.booking.models.custody import (
    DISPOSAL_DAYS,
    HELD,
    OVERDUE,
    REWORK_DAYS,
    Custody,
    CustodyPolicy,
)
from services.booking.models.helper import HELPING, Helper
from services.booking.models.photo import Photo
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries.sessions import summary
from shared.codes import readable_code
from shared.database import suite_time
from shared.errors import NotFound
from shared.pagination import Page, page

FRESH = {"populate_existing": True}
COMES_BEFORE, STAYS_AFTER = timedelta(hours=3), timedelta(hours=12)
SHOWN = (
    "id", "ticket_id", "tag", "state", "accessories", "accessories_note", "condition", "shelf",
    "stored_at", "stored_by", "ready_at", "keep_until", "ended_at", "ended_by", "proof", "fate",
    "fate_note", "version",
)  # fmt: skip
FOR_OWNER = (
    "id", "ticket_id", "tag", "state", "accessories", "accessories_note", "condition",
    "stored_at", "ready_at", "ended_at", "fate",
)  # fmt: skip
VIEWS = ("held", "stored", "ready", "overdue", "decide", "ended")


def code_subject(custody_id: str) -> str:
    """Return what a pick-up code is derived from; notify derives it alike (custody.ready.v1)."""
    return f"pick-up|{custody_id}"


def one(session: Session, id: str) -> Custody:
    """Return a custody as it stands now."""
    row = session.get(Custody, id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def held_of(session: Session, ticket_id: str) -> Custody | None:
    """Return the custody of a device that is here."""
    statement = select(Custody).where(Custody.ticket_id == ticket_id, Custody.state.in_(HELD))
    return session.scalars(statement, execution_options=FRESH).one_or_none()


def session_of(session: Session, row: Custody) -> str:
    """Return the session that a device was brought to."""
    return str(session.scalars(select(Ticket.session_id).where(Ticket.id == row.ticket_id)).one())


def left_something() -> ColumnElement[bool]:
    """Say in SQL that a device of this visit is still here: its owner's name is needed."""
    mine = (Ticket.visit_id == Visit.id) & (Custody.ticket_id == Ticket.id)
    return exists().where(mine, Custody.state.in_(HELD)).correlate(Visit)


def works_now(session: Session, person_id: str) -> bool:
    """Tell whether somebody has a shift in a session of these hours: they may serve the shelf."""
    at = suite_time(session)
    today = exists().where(
        Helper.person_id == person_id,
        Helper.state.in_(HELPING),
        Helper.session_id == ServiceSession.id,
        ServiceSession.starts_at <= at + COMES_BEFORE,
        ServiceSession.ends_at >= at - STAYS_AFTER,
    )
    return bool(session.scalar(select(today)))


def policy(session: Session) -> dict[str, Any]:
    """Return what holds: within how many days a device is a rework, after how many one decides."""
    row = session.get(CustodyPolicy, "all", populate_existing=True)
    if row is None:
        return {"rework_days": REWORK_DAYS, "disposal_days": DISPOSAL_DAYS, "version": 0}
    names = ("rework_days", "disposal_days", "version")
    return {name: getattr(row, name) for name in names}


def listed(session: Session, view: str, q: str | None, cursor: str | None, limit: int) -> Page:
    """Return the devices of a view, the latest stored first; `q` is a tag, a number or a shelf."""
    statement = _wanted(session, view)
    if q:
        sought = q.strip().upper()
        statement = statement.where(
            or_(Custody.tag == sought, Visit.number == sought, Custody.shelf == q.strip())
        )
    keys = [Custody.stored_at, Custody.id]
    found = page(session, statement, keys, cursor, limit, descending=True)
    return Page(shown(session, found.items), found.next_cursor)


def counts(session: Session) -> dict[str, int]:
    """Return how many devices each view of what is here has."""
    found = {}
    for view in VIEWS[:-1]:
        rows = _wanted(session, view).with_only_columns(func.count(Custody.id))
        found[view] = int(session.scalar(rows) or 0)
    return found


def shown(session: Session, rows: Sequence[Custody]) -> list[dict[str, Any]]:
    """Return custodies with device, owner and session, in three statements whatever their number."""
    ids = [row.ticket_id for row in rows]
    joined = (
        select(Ticket, Visit, ServiceSession)
        .join(Visit, Visit.id == Ticket.visit_id)
        .join(ServiceSession, ServiceSession.id == Ticket.session_id)
        .where(Ticket.id.in_(ids))
    )
    known = {ticket.id: (ticket, visit, of) for ticket, visit, of in session.execute(joined)}
    photos = photos_of(session, [row.id for row in rows])
    days = policy(session)["disposal_days"]
    return [
        _shown(row, *known[row.ticket_id])
        | {"photos": photos.get(row.id, [])}
        | {"decide_at": row.decide_from(days) if row.is_held else None}
        for row in rows
    ]


def photos_of(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the photos of several custodies that have not gone yet."""
    found: dict[str, list[str]] = {}
    wanted = select(Photo.custody_id, Photo.id).where(Photo.custody_id.in_(ids))
    for custody_id, id in session.execute(wanted.order_by(Photo.created_at, Photo.id)):
        found.setdefault(str(custody_id), []).append(id)
    return found


def kept_for(
    session: Session, ticket_ids: Sequence[str], secret: bytes, *, owner: bool
) -> list[dict[str, Any]]:
    """Return what an owner sees of their devices here; the pick-up code only to themselves."""
    wanted = select(Custody).where(Custody.ticket_id.in_(ticket_ids))
    rows = session.scalars(wanted.order_by(Custody.stored_at, Custody.id)).all()
    photos = photos_of(session, [row.id for row in rows])
    newest = {row.ticket_id: row for row in rows}
    return [
        {name: getattr(row, name) for name in FOR_OWNER}
        | {
            "photos": photos.get(row.id, []),
            "code": readable_code(secret, code_subject(row.id)) if owner and row.is_held else None,
        }
        for row in newest.values()
    ]


def of_person(session: Session, person_id: str) -> list[dict[str, Any]]:
    """Return somebody's devices that are here, the longest here first."""
    statement = (
        select(Custody)
        .join(Ticket, Ticket.id == Custody.ticket_id)
        .where(Ticket.person_id == person_id, Custody.state.in_(HELD))
        .order_by(Custody.stored_at, Custody.id)
    )
    return shown(session, session.scalars(statement).all())


def _wanted(session: Session, view: str) -> Select[Any]:
    at, days = suite_time(session), policy(session)["disposal_days"]
    ripe = at - timedelta(days=days)
    put_off = and_(Custody.keep_until.is_not(None), Custody.keep_until > at)
    views: dict[str, Any] = {
        "held": Custody.state.in_(HELD),
        "stored": Custody.state == "stored",
        "ready": Custody.state == "ready",
        "overdue": and_(Custody.state == "ready", Custody.ready_at <= at - OVERDUE),
        "decide": and_(Custody.state == "ready", Custody.ready_at <= ripe, ~put_off),
        "ended": Custody.ended_at.is_not(None),
    }
    return (
        select(Custody)
        .join(Ticket, Ticket.id == Custody.ticket_id)
        .join(Visit, Visit.id == Ticket.visit_id)
        .where(views[view])
    )


def _shown(row: Custody, ticket: Ticket, visit: Visit, of: ServiceSession) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SHOWN} | {
        "category_id": ticket.category_id,
        "brand": ticket.brand,
        "problem": ticket.problem,
        "status": ticket.status,
        "ticket_state": ticket.state,
        "safety": ticket.safety,
        "power": ticket.power,
        "number": visit.number,
        "visit_id": visit.id,
        "person_id": visit.person_id,
        "name": visit.name or None,
        "session": summary(of),
    }
