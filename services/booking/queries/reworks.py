"""Earlier repairs that a device can be back from, and who should look at it again."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from services.booking.models.custody import HELD, Custody
from services.booking.models.helper import HELPING, Helper
from services.booking.models.ticket import OPEN, Ticket
from services.booking.models.visit import Visit
from services.booking.queries.custody import policy
from shared.database import suite_time

MOST = 20


def earlier_repairs(
    session: Session, *, person_id: str | None = None, number: str | None = None
) -> list[dict[str, Any]]:
    """Return what somebody (or a number at the desk) had repaired within the policy's days."""
    since: datetime = suite_time(session) - timedelta(days=policy(session)["rework_days"])
    back = aliased(Ticket)
    home = func.coalesce(Ticket.handed_back_at, Ticket.closed_at)
    statement = (
        select(Ticket, Visit.number)
        .join(Visit, Visit.id == Ticket.visit_id)
        .where(Ticket.state == "closed", home >= since)
        .where(~exists().where(back.rework_of == Ticket.id, back.state.in_(OPEN)))
        .where(~exists().where(Custody.ticket_id == Ticket.id, Custody.state.in_(HELD)))
        .order_by(Ticket.closed_at.desc(), Ticket.id)
        .limit(MOST)
    )
    if person_id:
        statement = statement.where(Ticket.person_id == person_id)
    if number:
        statement = statement.where(Visit.number == number.strip().upper())
    names = ("id", "category_id", "brand", "status", "closed_at")
    return [
        {name: getattr(ticket, name) for name in names} | {"number": said}
        for ticket, said in session.execute(statement)
    ]


def suggested(session: Session, earlier: Ticket, session_id: str) -> list[str]:
    """Return who of those with a shift here should look again: the same, else as experienced a one.

    Experience is how many devices of this kind somebody has brought to an outcome, whatever it was.
    """
    here = select(Helper.person_id).where(
        Helper.session_id == session_id, Helper.state.in_(HELPING)
    )
    people = sorted(set(session.scalars(here)))
    if earlier.volunteer_id in people:
        return [str(earlier.volunteer_id)]
    counted = (
        select(Ticket.volunteer_id, func.count())
        .where(Ticket.state == "closed", Ticket.category_id == earlier.category_id)
        .where(Ticket.volunteer_id.in_([*people, earlier.volunteer_id or ""]))
        .group_by(Ticket.volunteer_id)
    )
    many = {str(id): int(count) for id, count in session.execute(counted)}
    least = many.get(earlier.volunteer_id or "", 0)
    return [one for one in people if many.get(one, 0) >= max(least, 1)]
