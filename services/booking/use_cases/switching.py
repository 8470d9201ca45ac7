"""Going over to the line of another session that runs now, with the place one has."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit
from services.booking.queries import visits
from services.booking.queries.switching import takes_over
from services.booking.use_cases.line_rules import wrong_state
from services.booking.use_cases.placing import move_to, refuse_kinds
from shared.database import suite_time
from shared.errors import NotFound

MOST_SWITCHES = 2


def switch(
    session: Session, visit_id: str, session_id: str, actor_id: str, *, by_desk: bool = False
) -> Visit:
    """Move a waiting visit to another line that is open now: the turn is kept, the devices come along.

    Never before the other session's doors open: there, too, nobody is passed by somebody with a
    later turn. Sessions are locked by id, then the visit. Its owner can do so twice.
    """
    left = visits.one(session, visit_id).session_id
    row = _locked(session, left, session_id)
    visit = visits.locked(session, visit_id)
    if visit.state != "waiting" or visit.session_id != left:
        raise wrong_state(visit)
    if row.id == left or not takes_over(row, suite_time(session)):
        raise errors.OtherLineClosed
    refuse_kinds(session, visit, row)
    if not by_desk and visit.switches >= MOST_SWITCHES:
        raise errors.SwitchedEnough(times=visit.switches)
    values = {"turn_at": max(visit.turn_at, row.starts_at), "switches": Visit.switches + 1}
    return move_to(
        session,
        visit,
        row,
        values,
        expected=("waiting",),
        actor_id=actor_id,
        action="visit.switch",
    )


def _locked(session: Session, left: str, session_id: str) -> ServiceSession:
    wanted = (
        select(ServiceSession)
        .where(ServiceSession.id.in_((left, session_id)))
        .order_by(ServiceSession.id)
        .with_for_update(key_share=True)
    )
    fresh = {"populate_existing": True}
    rows = {row.id: row for row in session.scalars(wanted, execution_options=fresh)}
    if session_id not in rows:
        raise NotFound
    return rows[session_id]
