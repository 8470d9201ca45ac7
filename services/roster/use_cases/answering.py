"""Answering an offer, and taking a shift or being put on one through it; handing a shift over to a stand-in."""

from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import AlreadyTaken, NotAVolunteer, OfferEnded, OfferExpired
from services.roster.models import Assignment, Offer, Shift, Volunteer
from services.roster.models.assignment import ACCEPTED as LIVE_ACCEPTED
from services.roster.models.assignment import BY_SELF, RELEASED
from services.roster.models.offer import ACCEPTED, DECLINED, EXPIRED, FILLED, OFFERED, WITHDRAWN
from services.roster.queries import offers as queries
from services.roster.queries.assignments import assignment
from services.roster.queries.shifts import full_refusal
from services.roster.use_cases import shifts
from services.roster.use_cases.availability import know_volunteer
from services.roster.use_cases.offers import (
    close_offers,
    close_useless,
    end_offer,
    lock_session,
    told,
    visible_offer,
)
from services.roster.use_cases.shifts import Way, accept_shift, put_on
from services.roster.use_cases.staffing import enter_session
from services.roster.use_cases.standby import promote_standby
from shared import audit
from shared.database import one_row, suite_now, suite_time
from shared.errors import Refusal


def take_shift(session: Session, shift_id: str, person_id: str) -> Assignment:
    """Let a volunteer take a shift: through the offer they have of it, else a free place."""
    mine = _offer_of(session, shift_id, person_id)
    if mine is not None:
        return accept_offer(session, mine.id, person_id)
    made = accept_shift(session, shift_id, person_id)
    close_useless(session, shift_id)
    return made


def assign_volunteer(session: Session, shift_id: str, person_id: str, *, actor: str) -> Assignment:
    """Put a volunteer on a shift for staff; an offer they have of it is no longer needed."""
    mine = _offer_of(session, shift_id, person_id)
    if mine is not None:
        one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
        lock_session(session, mine.session_id)
        end_offer(session, mine, WITHDRAWN)
    made = shifts.assign_volunteer(session, shift_id, person_id, actor=actor)
    close_useless(session, shift_id)
    return made


def _offer_of(session: Session, shift_id: str, person_id: str) -> Offer | None:
    in_time = Offer.expires_at > suite_now()
    of_them = (Offer.shift_id == shift_id, Offer.person_id == person_id)
    mine = (*of_them, in_time, Offer.instead_of.is_(None))
    return next(iter(queries.open_offers(session, *mine)), None)


def accept_offer(session: Session, offer_id: str, person_id: str) -> Assignment:
    """Take the shift that was offered; in time, as the database's clock has it.

    Raises ``OfferExpired``, ``OfferEnded`` (declined, withdrawn), or the rule that stands in the way of
    every acceptance; the offer stays open then.
    """
    known = visible_offer(session, offer_id, person_id)
    know_volunteer(session, person_id)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    copy = enter_session(session, known.session_id)
    answer = Offer.answer(offer_id, ACCEPTED, suite_time(session)).where(Offer.in_time())
    if session.execute(answer).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise _why_not(session, offer_id, person_id)
    shift = session.get_one(Shift, known.shift_id, populate_existing=True)
    if known.instead_of:
        _hand_over(session, known.instead_of)
    made = put_on(session, copy, shift, person_id, _way(known))
    told(session, offer_id)
    if known.instead_of:
        close_offers(session, Offer.instead_of == known.instead_of)
    close_useless(session, shift.id)
    return made


def _way(offer: Offer) -> Way:
    if offer.instead_of:
        return Way.standing_in()
    return Way.kept() if offer.holds else Way.by_self()


def _hand_over(session: Session, assignment_id: str) -> None:
    """Release who looked for a stand-in; the place stays taken, for the one who comes instead."""
    at = suite_time(session)
    change = Assignment.change(
        assignment_id, LIVE_ACCEPTED, state=RELEASED, changed_by=BY_SELF, dropped_at=at
    )
    one_row(session.execute(change.where(Assignment.starts_at > at)), OfferEnded())
    released = assignment(session, assignment_id)
    assert released is not None  # noqa: S101 - changed above
    events.assignment(session, events.SHIFT_DROPPED, released, released.shift)


def decline_offer(session: Session, offer_id: str, person_id: str) -> Offer:
    """Say no: the place is free for the next one at once."""
    known = visible_offer(session, offer_id, person_id)
    lock_session(session, known.session_id)
    if not end_offer(session, known, DECLINED):
        raise _why_not(session, offer_id, person_id)
    promote_standby(session, known.shift_id)
    audit.record(session, person_id, "offer.declined", offer_id)
    return visible_offer(session, offer_id, person_id)


def _why_not(session: Session, offer_id: str, person_id: str) -> Refusal:
    stands = visible_offer(session, offer_id, person_id)
    if stands.state in (EXPIRED, OFFERED):  # open still, but its time is over
        return OfferExpired()
    if stands.state == ACCEPTED:
        return AlreadyTaken()
    return full_refusal(stands.shift) if stands.state == FILLED else OfferEnded()
