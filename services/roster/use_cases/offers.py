"""Offering a shift to one volunteer: a place is kept until a deadline, then it is free again.

Order of locks: person, session, shift, offer. The database's clock decides whether an answer is in time.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import (
    AlreadyOffered,
    AlreadyTaken,
    NewcomerAlone,
    NoSuchOffer,
    NoSuchSession,
    NoSuchShift,
    NoSuchVolunteer,
    NotAVolunteer,
    OfferEnded,
    OfferExpired,
    Overlaps,
    TooLateToOffer,
)
from services.roster.models import Offer, SessionCopy, Shift, Standby, Volunteer
from services.roster.models.offer import (
    ACCEPTED,
    EXPIRED,
    FILLED,
    OFFERED,
    WITHDRAWN,
)
from services.roster.models.shift import OPEN
from services.roster.models.waking import LAST_CALL, offer_until
from services.roster.queries import offers as queries
from services.roster.queries.shifts import full_refusal
from services.roster.queries.standing import standing
from shared import audit
from shared.database import Database, one_row, suite_now, suite_time
from shared.errors import Refusal
from shared.ids import new_id

BY_RULE = "rule"


def offer_shift(
    session: Session,
    shift_id: str,
    person_id: str,
    *,
    actor: str,
    until: datetime | None = None,
    holds: bool = True,
    why: dict[str, Any] | None = None,
) -> Offer:
    """Ask a volunteer to take a shift, and keep a place for them until the deadline.

    ``until`` None: a deadline that follows from the time left and sleeps at night; it never lies beyond
    half an hour before the start. With ``holds`` off no place is kept: the first of several has it.
    ``why`` is shown to staff: ``{"minutes": 120, "free": true}``. Refused is whoever could not take the
    shift (a briefing not read yet can be read before accepting), who has it or an open offer of it
    (``AlreadyOffered``), and an offer for which there is no place or no time (``TooLateToOffer``).
    """
    if session.get(Volunteer, person_id) is None:
        raise NoSuchVolunteer
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    shift, copy = _locked_shift(session, shift_id)
    how: dict[str, Any] = {"holds": holds, "why": why or {}, "made_by": actor}
    return offer_locked(session, shift, copy, person_id, until=until, **how)


def offer_locked(
    session: Session,
    shift: Shift,
    copy: SessionCopy,
    person_id: str,
    *,
    until: datetime | None = None,
    in_return: str | None = None,
    **how: Any,
) -> Offer:
    """Write an offer of a shift whose session is locked, as ``offer_shift`` does.

    ``instead_of`` is the assignment that is taken over (``use_cases/stand_ins.py``), ``in_return`` the one
    that the person would give for it: it stands in nobody's way (``use_cases/swaps.py``).
    """
    how = {"holds": True, "why": {}, "instead_of": None, "in_return": in_return} | how
    _check(session, shift, copy, person_id, giving=in_return)
    at = suite_time(session)
    last = shift.starts_at - LAST_CALL
    expires = min(until, last) if until else offer_until(at, shift.starts_at, copy.zone)
    if expires <= at or shift.state != OPEN:
        raise TooLateToOffer
    if how["holds"]:
        one_row(session.execute(Shift.hold(shift.id)), full_refusal(shift))
    return _write(session, shift, person_id, made_at=at, expires_at=expires, **how)


def _write(session: Session, shift: Shift, person_id: str, **values: Any) -> Offer:
    """Write an open offer; raise ``AlreadyOffered`` where the database has one."""
    to = {"shift_id": shift.id, "session_id": shift.session_id, "person_id": person_id}
    offer_id = new_id()
    try:
        with session.begin_nested():
            session.execute(insert(Offer).values(id=offer_id, **to, **values))
    except IntegrityError as problem:
        raise AlreadyOffered from problem
    audit.record(session, values["made_by"], "shift.offered", offer_id)
    return told(session, offer_id)


def withdraw_offer(session: Session, offer_id: str, *, actor: str) -> Offer:
    """Take an offer back (staff)."""
    known = visible_offer(session, offer_id)
    lock_session(session, known.session_id)
    if not end_offer(session, known, WITHDRAWN):
        raise OfferEnded
    audit.record(session, actor, "offer.withdrawn", offer_id)
    return visible_offer(session, offer_id)


def withdraw_offers(session: Session, offers: Iterable[Offer]) -> None:
    """Take offers back whose session is entered: it changed, or the person is no volunteer any more."""
    for row in offers:
        end_offer(session, row, WITHDRAWN)


def withdraw_from(session: Session, person_id: str) -> None:
    """Take back whatever is offered to somebody who is no volunteer any more."""
    session.execute(delete(Standby).where(Standby.person_id == person_id))
    found = queries.open_offers(session, Offer.person_id == person_id)
    for session_id in sorted({row.session_id for row in found}):
        lock_session(session, session_id)
    withdraw_offers(session, found)


def expire_offers(database: Database) -> int:
    """End the offers whose time is over, each in a transaction of its own; return how many."""
    with database.reading() as session:
        due = [(row.session_id, row.id) for row in queries.due_offers(session)]
    ended = 0
    for session_id, offer_id in due:
        with database.transaction() as session:
            lock_session(session, session_id)
            row = visible_offer(session, offer_id)
            ended += end_offer(session, row, EXPIRED, Offer.expires_at <= suite_now())
    return ended


def close_useless(session: Session, shift_id: str) -> None:
    """End what was offered to all of a shift that has no place left; its session is entered."""
    shift = session.get_one(Shift, shift_id, populate_existing=True)
    if shift.free_places:
        return
    close_offers(session, Offer.shift_id == shift_id, ~Offer.holds, Offer.instead_of.is_(None))


def close_offers(session: Session, *conditions: Any) -> None:
    """End open offers of an entered session because somebody else was quicker."""
    for row in queries.open_offers(session, *conditions):
        end_offer(session, row, FILLED)


def lock_session(session: Session, session_id: str) -> SessionCopy:
    """Lock a session whose staffing does not change by this; raise ``NoSuchSession``."""
    statement = select(SessionCopy).where(SessionCopy.id == session_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchSession
    return found


def visible_offer(session: Session, offer_id: str, person_id: str | None = None) -> Offer:
    """Return an offer as it stands; ``person_id`` hides everybody else's (404)."""
    found = queries.offer(session, offer_id)
    if found is None or person_id not in (None, found.person_id):
        raise NoSuchOffer
    return found


def _locked_shift(session: Session, shift_id: str) -> tuple[Shift, SessionCopy]:
    known = session.get(Shift, shift_id)
    if known is None:
        raise NoSuchShift
    copy = lock_session(session, known.session_id)
    return session.get_one(Shift, shift_id, populate_existing=True), copy


def why_over(session: Session, offer_id: str, person_id: str) -> Refusal:
    """Return why an offer could not be answered."""
    stands = visible_offer(session, offer_id, person_id)
    if stands.state in (EXPIRED, OFFERED):  # open still, but its time is over
        return OfferExpired()
    if stands.state == ACCEPTED:
        return AlreadyTaken()
    return full_refusal(stands.shift) if stands.state == FILLED else OfferEnded()


def _check(
    session: Session, shift: Shift, copy: SessionCopy, person_id: str, *, giving: str | None
) -> None:
    """Refuse to ask somebody who could not take the shift."""
    stands = standing(session, person_id, shift.starts_at)
    if giving:
        stands = stands.without(giving)
    if any(one.shift_id == shift.id for one in stands.live):
        raise AlreadyTaken
    if stands.overlaps(shift):
        raise Overlaps
    if refusal := stands.refusal(shift, copy.zone, by_staff=True):
        raise refusal
    if stands.alone(shift):  # they could not accept
        raise NewcomerAlone


def end_offer(session: Session, row: Offer, state: str, *guards: Any) -> bool:
    """End an open offer and let its place go; tell it. False where it was answered meanwhile."""
    change = Offer.answer(row.id, state, suite_time(session)).where(*guards)
    if session.execute(change).rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        return False
    if row.holds:
        session.execute(Shift.let_go(row.shift_id))
    told(session, row.id)
    return True


def told(session: Session, offer_id: str) -> Offer:
    """Announce an offer as it stands now, and return it."""
    row = visible_offer(session, offer_id)
    events.offer(session, row, row.shift)
    return row
