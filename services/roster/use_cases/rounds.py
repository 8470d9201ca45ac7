"""Filling a shift by asking: one person per missing place, then the next, then everybody who could."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.roster.errors import NoSuchShift, NothingToFill
from services.roster.models import Offer, OfferRound, SessionCopy, Shift
from services.roster.models.offer import DECLINED, DONE, ONE_BY_ONE, RUNNING, STOPPED, TO_ALL
from services.roster.models.shift import OPEN
from services.roster.models.waking import LAST_CALL, awake
from services.roster.queries import offers as queries
from services.roster.queries.candidates import Candidate, candidates
from services.roster.use_cases.offers import BY_RULE, offer_shift
from shared import audit
from shared.database import Database, insert_for, suite_time
from shared.errors import Refusal

TO_ALL_WITHIN = timedelta(hours=12)  # before the start there is no time left to ask one by one
MOST_AT_ONCE = 50


def start_round(session: Session, shift_id: str, *, actor: str) -> OfferRound:
    """Begin, or begin again, to fill a shift by asking; a timer asks the first within seconds."""
    shift = session.get(Shift, shift_id)
    if shift is None:
        raise NoSuchShift
    at = suite_time(session)
    if not _missing(shift) or shift.starts_at - LAST_CALL <= at:
        raise NothingToFill
    values = {"state": ONE_BY_ONE, "started_by": actor, "started_at": at}
    row = insert_for(session, OfferRound.__table__).values(shift_id=shift_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["shift_id"], set_=values))
    audit.record(session, actor, "shift.asking", shift_id)
    return session.get_one(OfferRound, shift_id, populate_existing=True)


def stop_round(session: Session, shift_id: str, *, actor: str) -> OfferRound:
    """Ask nobody more; who was asked may still answer."""
    if session.get(OfferRound, shift_id) is None:
        raise NoSuchShift
    _become(session, shift_id, STOPPED)
    audit.record(session, actor, "shift.asking_stopped", shift_id)
    return session.get_one(OfferRound, shift_id, populate_existing=True)


def advance_rounds(database: Database) -> int:
    """Ask whoever is next in every round; nobody is asked at night. Return how many were asked."""
    with database.reading() as session:
        running = queries.running_rounds(session)
    return sum(_advance(database, shift_id) for shift_id in running)


def _advance(database: Database, shift_id: str) -> int:
    """Look without a lock (who is next takes many reads), then ask each in a short transaction."""
    with database.reading() as session:
        at, shift = suite_time(session), session.get_one(Shift, shift_id)
        zone = session.get_one(SessionCopy, shift.session_id).zone
        over = _is_over(shift, at)
        if not over and not awake(at, zone):
            return 0
        nobody: tuple[list[Candidate], bool] = ([], False)
        people, to_all = nobody if over else _next(session, shift, zone)
    if over or to_all:
        with database.transaction() as session:
            _become(session, shift_id, DONE if over else TO_ALL)
    return sum(_ask(database, shift_id, one, holds=not to_all) for one in people)


def _is_over(shift: Shift, at: datetime) -> bool:
    """Tell whether asking has come to its end: filled, cancelled, or too near the start."""
    late = shift.starts_at - LAST_CALL <= at
    return late or shift.state != OPEN or shift.accepted >= shift.needed


def _next(session: Session, shift: Shift, zone: str) -> tuple[list[Candidate], bool]:
    """Return who is asked now, and whether that is everybody who is left.

    One by one, nobody is asked twice in a round. When all were, or half a day before the start, the
    shift is open to everybody who has not declined; the first to accept has it.
    """
    at = suite_time(session)
    round_ = session.get_one(OfferRound, shift.id)
    asked = queries.asked_since(session, shift.id, round_.started_at)
    if round_.state == TO_ALL or shift.starts_at - at <= TO_ALL_WITHIN:
        return _everybody(session, shift, zone, asked), True
    missing = _missing(shift)
    if not missing:
        return [], False
    left = candidates(session, shift, zone, at, without=asked)
    if left:
        return left[:missing], False
    return ([], False) if shift.held else (_everybody(session, shift, zone, asked), True)


def _everybody(session: Session, shift: Shift, zone: str, asked: dict[str, str]) -> list[Candidate]:
    of_shift = Offer.shift_id == shift.id
    told = {row.person_id for row in queries.open_offers(session, of_shift)}
    said_no = {person for person, state in asked.items() if state == DECLINED}
    at = suite_time(session)
    return candidates(session, shift, zone, at, without=told | said_no)[:MOST_AT_ONCE]


def _ask(database: Database, shift_id: str, one: Candidate, *, holds: bool) -> bool:
    """Ask one person; somebody who can no longer take the shift is passed over."""
    try:
        with database.transaction() as session:
            until = None
            if not holds:
                until = session.get_one(Shift, shift_id).starts_at - LAST_CALL
            offer_shift(
                session,
                shift_id,
                one.person_id,
                actor=BY_RULE,
                until=until,
                holds=holds,
                why=one.why,
            )
    except Refusal:
        return False
    return True


def _missing(shift: Shift) -> int:
    """Return how many are needed whom nobody is, or is asked to be."""
    return max(shift.needed - shift.accepted - shift.held, 0)


def _become(session: Session, shift_id: str, state: str) -> None:
    change = update(OfferRound).where(
        OfferRound.shift_id == shift_id, OfferRound.state.in_(RUNNING), OfferRound.state != state
    )
    session.execute(change.values(state=state).execution_options(synchronize_session=False))
