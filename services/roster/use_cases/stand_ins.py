"""Finding a stand-in: everybody who could is asked at once; the shift stays one's own until somebody takes it."""

from sqlalchemy.orm import Session

from services.roster.errors import (
    AlreadyAsking,
    NobodyToStandIn,
    NoSuchAssignment,
    NotDroppable,
    TooLateToOffer,
)
from services.roster.models import Assignment, Offer, SessionCopy
from services.roster.models.assignment import ACCEPTED
from services.roster.models.waking import LAST_CALL
from services.roster.queries.assignments import assignment
from services.roster.queries.candidates import candidates
from services.roster.queries.offers import open_offers
from services.roster.use_cases.offers import lock_session, offer_shift, withdraw_offers
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import Refusal

MOST_ASKED = 50


def ask_stand_in(session: Session, assignment_id: str, *, actor: str) -> Assignment:
    """Ask everybody who could take the shift instead; the first to accept has it.

    Raises ``TooLateToOffer`` within half an hour of the start, ``NobodyToStandIn``, ``AlreadyAsking``.
    """
    row = _mine(session, assignment_id, actor)
    at = suite_time(session)
    if row.starts_at - LAST_CALL <= at:
        raise TooLateToOffer
    zone = session.get_one(SessionCopy, row.session_id).zone
    people = candidates(session, row.shift, zone, at)[:MOST_ASKED]  # before any lock
    lock_session(session, row.session_id)
    asking = Assignment.change(assignment_id, ACCEPTED, stand_in_since=at)
    never = Assignment.stand_in_since.is_(None)
    one_row(session.execute(asking.where(never)), _why_not(session, assignment_id, actor))
    asked = sum(_ask(session, row, one.person_id, one.why) for one in people)
    if not asked:
        raise NobodyToStandIn
    audit.record(session, actor, "stand_in.asked", assignment_id)
    return _mine(session, assignment_id, actor)


def end_stand_in(session: Session, assignment_id: str, *, actor: str) -> Assignment:
    """Look no longer: the volunteer comes after all."""
    row = _mine(session, assignment_id, actor)
    lock_session(session, row.session_id)
    session.execute(Assignment.change(assignment_id, ACCEPTED, stand_in_since=None))
    withdraw_offers(session, open_offers(session, Offer.instead_of == assignment_id))
    audit.record(session, actor, "stand_in.ended", assignment_id)
    return _mine(session, assignment_id, actor)


def _ask(session: Session, row: Assignment, person_id: str, why: dict[str, object]) -> bool:
    until = row.starts_at - LAST_CALL
    try:
        with session.begin_nested():
            offer_shift(
                session,
                row.shift_id,
                person_id,
                actor=row.person_id,
                until=until,
                holds=False,
                why=why,
                instead_of=row.id,
            )
    except Refusal:
        return False  # somebody who is asked for this shift already, or can take it no more
    return True


def _mine(session: Session, assignment_id: str, person_id: str) -> Assignment:
    found = assignment(session, assignment_id)
    if found is None or found.person_id != person_id:
        raise NoSuchAssignment
    return found


def _why_not(session: Session, assignment_id: str, person_id: str) -> Refusal:
    stands = _mine(session, assignment_id, person_id)
    return AlreadyAsking() if stands.state == ACCEPTED else NotDroppable()
