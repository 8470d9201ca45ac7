"""What every act on a device shares: the lock of its visit, the one UPDATE, what is told afterwards."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors, events
from services.booking.models.live import touch
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries import visits
from services.booking.use_cases.line_rules import WORDS, explained


def both(session: Session, id: str) -> tuple[Ticket, Visit]:
    """Lock the visit of a ticket (so that its devices change one after the other) and read both."""
    ticket = visits.ticket(session, id)
    if ticket.visit_id is None:
        raise errors.DeviceNotInState(now_zh="还没有签到", now_en="not here yet")
    visit = visits.locked(session, ticket.visit_id)
    session.refresh(ticket)
    return ticket, visit


def change(
    session: Session,
    ticket: Ticket,
    expected: tuple[str, ...],
    values: dict[str, Any],
    bench: int | None = None,
) -> Ticket:
    """Change a ticket from an expected state with one UPDATE; one that was handed back stays as it is."""
    statement = (
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.state.in_(expected), Ticket.handed_back.is_(None))
        .values(**values, version=Ticket.version + 1)
        .execution_options(synchronize_session=False)
    )
    try:
        done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    except IntegrityError as error:
        raise explained(error, bench) from error
    session.refresh(ticket)
    if done != 1:
        raise out_of_state(ticket)
    return ticket


def out_of_state(ticket: Ticket) -> Exception:
    """Return the refusal that says how a device stands."""
    if ticket.handed_back:
        return errors.DeviceGone()
    zh, en = WORDS[ticket.state]
    return errors.DeviceNotInState(now_zh=zh, now_en=en)


def tell(session: Session, verb: str, ticket: Ticket, visit: Visit) -> None:
    """Announce what happened to a device, and show it."""
    events.ticket(session, verb, ticket, visit.number)
    touch(session, visit.session_id)
