"""Finding a stand-in: everybody who could is asked at once; the shift stays one's own until somebody takes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from services.roster import events
from services.roster.errors import (
    AlreadyAsking,
    NobodyToStandIn,
    NoSuchAssignment,
    NotDroppable,
    OfferEnded,
    TooLateToOffer,
)
from services.roster.models import Assignment, Offer, SessionCopy, Shift
from services.roster.models.assignment import ACCEPTED, BY_SELF, RELEASED
from services.roster.models.waking import LAST_CALL
from services.roster.queries.assignments import assignment
from services.roster.queries.candidates import candidates
from services.roster.queries.offers import open_offers
from services.roster.use_cases.offers import lock_session, offer_locked, withdraw_offers
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import Refusal

MOST_ASKED = 50


def ask_stand_in(session: Session, assignment_id: str, *, actor: str) -> Assignment:
    """Ask everybody who could take the shift instead; the first to accept has it.

    Raises ``TooLateToOffer`` within half an hour of the start, ``NobodyToStandIn``, ``AlreadyAsking``.
    """
    row = own_assignment(session, assignment_id, actor)
    at = suite_time(session)
    if row.starts_at - LAST_CALL <= at:
        raise TooLateToOffer
    zone = session.get_one(SessionCopy, row.session_id).zone
    people = candidates(session, row.shift, zone, at, leaving=row.id)[
        :MOST_ASKED
    ]  # before any lock
    begin_asking(session, row, at)
    until = row.starts_at - LAST_CALL
    asked = [ask_for(session, row, one.person_id, until, why=one.why) for one in people]
    if not any(asked):
        raise NobodyToStandIn
    audit.record(session, actor, "stand_in.asked", assignment_id)
    return own_assignment(session, assignment_id, actor)


def end_stand_in(session: Session, assignment_id: str, *, actor: str) -> Assignment:
    """Look no longer: the volunteer comes after all."""
    row = own_assignment(session, assignment_id, actor)
    lock_session(session, row.session_id)
    over = Assignment.change(assignment_id, ACCEPTED, stand_in_since=None, swap_shift_id=None)
    session.execute(over)
    withdraw_offers(session, open_offers(session, Offer.instead_of == assignment_id))
    audit.record(session, actor, "stand_in.ended", assignment_id)
    return own_assignment(session, assignment_id, actor)


def begin_asking(
    session: Session, row: Assignment, at: datetime, *, swap_shift_id: str | None = None
) -> None:
    """Write down that its owner looks for somebody, once at a time; its session is locked then."""
    lock_session(session, row.session_id)
    asking = Assignment.change(row.id, ACCEPTED, stand_in_since=at, swap_shift_id=swap_shift_id)
    never = Assignment.stand_in_since.is_(None)
    one_row(session.execute(asking.where(never)), _why_not(session, row.id, row.person_id))


def ask_for(session: Session, row: Assignment, person_id: str, until: datetime, **how: Any) -> bool:
    """Offer somebody the shift of an assignment, whose session is locked; False where they cannot take it.

    The person is not locked for this: persons come before sessions. Their checks are asked again
    when they accept.
    """
    shift, copy = session.get_one(Shift, row.shift_id), session.get_one(SessionCopy, row.session_id)
    how |= {"made_by": row.person_id, "holds": False, "instead_of": row.id}
    try:
        with session.begin_nested():
            offer_locked(session, shift, copy, person_id, until=until, **how)
    except Refusal:
        return False  # somebody who is asked for this shift already, or can take it no more
    return True


def hand_over(session: Session, assignment_id: str) -> None:
    """Release whoever passes a shift on; the place stays taken, for the one who comes instead."""
    at = suite_time(session)
    change = Assignment.change(
        assignment_id, ACCEPTED, state=RELEASED, changed_by=BY_SELF, dropped_at=at
    )
    one_row(session.execute(change.where(Assignment.starts_at > at)), OfferEnded())
    released = assignment(session, assignment_id)
    assert released is not None  # noqa: S101 - changed above
    events.assignment(session, events.SHIFT_DROPPED, released, released.shift)


def offers_about(*assignment_ids: str) -> ColumnElement[bool]:
    """Return which offers speak of these assignments, as what is passed on or given in return."""
    return or_(Offer.instead_of.in_(assignment_ids), Offer.in_return.in_(assignment_ids))


def own_assignment(session: Session, assignment_id: str, person_id: str) -> Assignment:
    """Return somebody's own assignment as it stands; other people's are not there (404)."""
    found = assignment(session, assignment_id)
    if found is None or found.person_id != person_id:
        raise NoSuchAssignment
    return found


def _why_not(session: Session, assignment_id: str, person_id: str) -> Refusal:
    stands = own_assignment(session, assignment_id, person_id)
    return AlreadyAsking() if stands.state == ACCEPTED else NotDroppable()
