"""Standing by for a full shift: a place that becomes free is offered to the first, in the same transaction."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.roster.errors import (
    AlreadyStarted,
    AlreadyTaken,
    HasPlace,
    NoSuchShift,
    NotAVolunteer,
    Overlaps,
)
from services.roster.models import SessionCopy, Shift, Standby, Volunteer
from services.roster.models.shift import OPEN
from services.roster.queries.standby import standing_by, with_free_place
from services.roster.queries.standing import standing
from services.roster.use_cases.availability import know_volunteer
from services.roster.use_cases.offers import BY_RULE, lock_session, offer_locked
from shared import audit
from shared.database import Database, insert_if_absent, one_row, suite_time
from shared.errors import Refusal


def join_standby(session: Session, shift_id: str, person_id: str) -> Shift:
    """Stand by for a shift that has no place; whoever could not take it is told why."""
    know_volunteer(session, person_id)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    known = session.get(Shift, shift_id)
    if known is None:
        raise NoSuchShift
    copy = lock_session(session, known.session_id)
    shift = session.get_one(Shift, shift_id, populate_existing=True)
    if refusal := _why_not(session, shift, copy, person_id):
        raise refusal
    row = {"shift_id": shift_id, "person_id": person_id, "since": suite_time(session)}
    insert_if_absent(session, Standby, row, key=["shift_id", "person_id"])
    audit.record(session, person_id, "standby.joined", shift_id)
    return shift


def leave_standby(session: Session, shift_id: str, person_id: str) -> Shift:
    """Stand by no longer."""
    shift = session.get(Shift, shift_id)
    if shift is None:
        raise NoSuchShift
    _forget(session, shift_id, person_id)
    audit.record(session, person_id, "standby.left", shift_id)
    return shift


def promote_standby(session: Session, shift_id: str) -> int:
    """Offer the free places of a shift, whose session is locked, to who stands by; return how many.

    Nobody else can take them meanwhile. Whoever cannot take it just now keeps standing by.
    """
    session.flush()
    shift = session.get_one(Shift, shift_id, populate_existing=True)
    copy = session.get_one(SessionCopy, shift.session_id)
    offered = 0
    for person_id in standing_by(session, [shift_id])[shift_id]:
        if offered >= shift.free_places:
            break
        try:
            with session.begin_nested():
                offer_locked(session, shift, copy, person_id, made_by=BY_RULE)
        except Refusal:
            continue
        _forget(session, shift_id, person_id)
        offered += 1
    return offered


def serve_standby(database: Database) -> int:
    """Offer places that became free in other ways (more are wanted, an offer ended) to who stands by."""
    with database.reading() as session:
        due = with_free_place(session)
    offered = 0
    for session_id, shift_id in due:
        with database.transaction() as session:
            lock_session(session, session_id)
            offered += promote_standby(session, shift_id)
    return offered


def _forget(session: Session, shift_id: str, person_id: str) -> None:
    mine = delete(Standby).where(Standby.shift_id == shift_id, Standby.person_id == person_id)
    session.execute(mine.execution_options(synchronize_session=False))


def _why_not(session: Session, shift: Shift, copy: SessionCopy, person_id: str) -> Refusal | None:
    stands = standing(session, person_id, shift.starts_at)
    if any(one.shift_id == shift.id for one in stands.live):
        return AlreadyTaken()
    if shift.state != OPEN or shift.starts_at <= suite_time(session):
        return AlreadyStarted()
    if shift.free_places:
        return HasPlace()
    if stands.overlaps(shift):
        return Overlaps()
    return stands.refusal(shift, copy.zone, by_staff=False)
