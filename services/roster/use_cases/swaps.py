"""Swapping a shift: everybody on the wanted one who could is asked; the first to accept changes places.

Both shifts stay as they are until then; afterwards both are full as before, with the other in each place.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from services.roster.errors import (
    CannotSwapNow,
    NobodyToSwap,
    NoSuchShift,
    NotAVolunteer,
    OfferEnded,
    Overlaps,
    TooLateToOffer,
)
from services.roster.models import Assignment, Offer, SessionCopy, Shift, Volunteer
from services.roster.models.offer import ACCEPTED
from services.roster.models.waking import LAST_CALL
from services.roster.queries.standing import standing
from services.roster.queries.swaps import partners
from services.roster.use_cases.offers import close_offers, lock_session, told, why_over
from services.roster.use_cases.shifts import Way, put_on
from services.roster.use_cases.staffing import enter_session
from services.roster.use_cases.stand_ins import (
    ask_for,
    begin_asking,
    hand_over,
    offers_about,
    own_assignment,
)
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import Refusal


def ask_swap(session: Session, assignment_id: str, shift_id: str, *, actor: str) -> Assignment:
    """Ask everybody on a shift who could to change places; the first to accept does.

    Raises the rule that keeps the asker from the wanted shift, ``TooLateToOffer`` within half an hour of
    either start, ``NobodyToSwap``, ``AlreadyAsking``.
    """
    row = own_assignment(session, assignment_id, actor)
    at = suite_time(session)
    wanted = session.get(Shift, shift_id)
    if wanted is None:
        raise NoSuchShift
    until = min(row.starts_at, wanted.starts_at) - LAST_CALL
    if until <= at:
        raise TooLateToOffer
    others = partners(session, row, at, Assignment.shift_id == shift_id)  # before any lock
    _check_asker(session, row, wanted, at)
    begin_asking(session, row, at, swap_shift_id=shift_id)
    asked = [ask_for(session, row, one.person_id, until, in_return=one.id) for one in others]
    if not any(asked):
        raise NobodyToSwap
    audit.record(session, actor, "swap.asked", assignment_id)
    return own_assignment(session, assignment_id, actor)


def exchange(session: Session, offer: Offer) -> Assignment:
    """Let two people change places, all or nothing; return what the one who accepts has now.

    Locks as everywhere, each kind in ascending order: persons, sessions, shifts, the offer.
    """
    passed, given = (
        session.get_one(Assignment, one, populate_existing=True)
        for one in (offer.instead_of, offer.in_return)
    )
    _enter_both(session, passed.person_id, given.person_id)
    for session_id in sorted({passed.session_id, given.session_id}):
        lock_session(session, session_id)
    answer = Offer.answer(offer.id, ACCEPTED, suite_time(session)).where(Offer.in_time())
    if session.execute(answer).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise why_over(session, offer.id, given.person_id)
    for one in (passed, given):
        hand_over(session, one.id)
    made = _put_on(session, passed.shift_id, given.person_id)
    try:
        _put_on(session, given.shift_id, passed.person_id)
    except Refusal as problem:  # whoever asked took on something else meanwhile
        raise CannotSwapNow from problem
    told(session, offer.id)
    close_offers(session, offers_about(passed.id, given.id))
    audit.record(session, given.person_id, "swap.made", offer.id)
    return made


def _check_asker(session: Session, row: Assignment, wanted: Shift, at: datetime) -> None:
    stands = standing(session, row.person_id, at).without(row.id)
    zone = session.get_one(SessionCopy, wanted.session_id).zone
    if stands.overlaps(wanted):
        raise Overlaps
    if refusal := stands.refusal(wanted, zone, by_staff=False):
        raise refusal


def _enter_both(session: Session, asker: str, accepter: str) -> None:
    for person_id in sorted((asker, accepter)):
        refusal = NotAVolunteer() if person_id == accepter else OfferEnded()
        one_row(session.execute(Volunteer.enter(person_id)), refusal)


def _put_on(session: Session, shift_id: str, person_id: str) -> Assignment:
    shift = session.get_one(Shift, shift_id, populate_existing=True)
    copy = enter_session(session, shift.session_id)
    return put_on(session, copy, shift, person_id, Way.standing_in())
