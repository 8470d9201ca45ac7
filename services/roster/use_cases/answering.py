"""Answering an offer, and taking a shift or being put on one through it."""

from sqlalchemy.orm import Session

from services.roster.errors import NotAVolunteer
from services.roster.models import Assignment, Offer, Shift, Volunteer
from services.roster.models.offer import ACCEPTED, DECLINED, WITHDRAWN
from services.roster.queries import offers as queries
from services.roster.use_cases import shifts
from services.roster.use_cases.availability import know_volunteer
from services.roster.use_cases.offers import (
    close_offers,
    close_useless,
    end_offer,
    lock_session,
    told,
    visible_offer,
    why_over,
)
from services.roster.use_cases.shifts import Way, accept_shift, put_on
from services.roster.use_cases.staffing import enter_session
from services.roster.use_cases.stand_ins import hand_over, offers_about
from services.roster.use_cases.standby import promote_standby
from services.roster.use_cases.swaps import exchange
from shared import audit
from shared.database import one_row, suite_now, suite_time


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
    if known.in_return:
        return exchange(session, known)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    copy = enter_session(session, known.session_id)
    answer = Offer.answer(offer_id, ACCEPTED, suite_time(session)).where(Offer.in_time())
    if session.execute(answer).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        raise why_over(session, offer_id, person_id)
    shift = session.get_one(Shift, known.shift_id, populate_existing=True)
    if known.instead_of:
        hand_over(session, known.instead_of)
    made = put_on(session, copy, shift, person_id, _way(known))
    told(session, offer_id)
    if known.instead_of:
        close_offers(session, offers_about(known.instead_of))
    close_useless(session, shift.id)
    return made


def _way(offer: Offer) -> Way:
    if offer.instead_of:
        return Way.standing_in()
    return Way.kept() if offer.holds else Way.by_self()


def decline_offer(session: Session, offer_id: str, person_id: str) -> Offer:
    """Say no: the place is free for the next one at once."""
    known = visible_offer(session, offer_id, person_id)
    lock_session(session, known.session_id)
    if not end_offer(session, known, DECLINED):
        raise why_over(session, offer_id, person_id)
    promote_standby(session, known.shift_id)
    audit.record(session, person_id, "offer.declined", offer_id)
    return visible_offer(session, offer_id, person_id)
