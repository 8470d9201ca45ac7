"""A place in a line: its number, what is told of the wait, and the line it belongs to."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.category import BY_ID
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import Visit
from services.booking.queries import visits
from services.booking.queries.line import line_of
from services.booking.use_cases.line import change, tell
from services.booking.use_cases.line_rules import explained
from shared import audit


def take_number(session: Session, session_id: str, *, booked: bool) -> str:
    """Take the next number of the session: A001… for bookings, B001… for walk-ins."""
    name = "next_booked_number" if booked else "next_walkin_number"
    column = getattr(ServiceSession, name)
    statement = (
        update(ServiceSession)
        .where(ServiceSession.id == session_id)
        .values({name: column + 1})
        .returning(column - 1)
        .execution_options(synchronize_session=False)
    )
    return f"{'A' if booked else 'B'}{int(session.execute(statement).scalar_one()):03d}"


def settle(session: Session, row: ServiceSession, visit: Visit, actor_id: str, action: str) -> None:
    """Keep what the person is told at arrival, announce, and show it."""
    keep_told(session, row, visit)
    tell(session, "arrived", visit)
    audit.record(session, actor_id, action, visit.id)
    touch(session, row.id)


def keep_told(session: Session, row: ServiceSession, visit: Visit) -> None:
    """Keep the range that the person is told, and where it was cut; nothing where it is unknown."""
    line = line_of(session, row)
    told = line.wait_of(visit)
    if told is not None:
        visit.told_low, visit.told_high = told.low, told.high
        visit.level_low, visit.level_high = line.levels.low, line.levels.high
    session.flush()


def move_to(
    session: Session,
    visit: Visit,
    row: ServiceSession,
    values: dict[str, Any],
    *,
    expected: tuple[str, ...],
    actor_id: str,
    action: str,
) -> Visit:
    """Take a visit with its open devices into the line of a locked session.

    In another one than before the number is new.
    """
    left = visit.session_id
    if left != row.id:
        booked = visit.appointment_id is not None
        values |= {"session_id": row.id, "number": take_number(session, row.id, booked=booked)}
    try:
        moved = change(
            session,
            visit.id,
            expected,
            values,
            verb="arrived",
            actor_id=actor_id,
            action=action,
        )
    except IntegrityError as error:
        raise explained(error) from error
    mine = (Ticket.visit_id == visit.id) & Ticket.state.in_(OPEN)
    fresh = {"session_id": row.id, "paused_at": None, "version": Ticket.version + 1}
    session.execute(update(Ticket).where(mine).values(**fresh))
    if left != row.id:
        touch(session, left)
    return moved


def refuse_kinds(session: Session, visit: Visit, row: ServiceSession) -> None:
    """Refuse a session that does not repair every device of the visit that is still open."""
    devices = visits.devices_of(session, [visit.id]).get(visit.id, [])
    refused = [one for one in devices if one.state in OPEN and not row.accepts(one.category_id)]
    if refused:
        kind = BY_ID[refused[0].category_id]
        raise errors.OtherLineCategory(category_zh=kind.zh, category_en=kind.en)
