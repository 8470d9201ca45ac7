"""Objecting to what was recorded of oneself, and deciding about it."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import (
    AlreadyDecided,
    AlreadyObjected,
    AnswerNeeded,
    NoSuchHours,
    NoSuchObjection,
    ObjectionClosed,
    OwnHours,
    RightNeeded,
    TooManyObjections,
)
from services.roster.models import Absence, Assignment, Hours, Objection
from services.roster.models.assignment import ABSENT
from services.roster.models.objection import AN_ABSENCE, DECLINED, UPHELD, WAITS
from services.roster.models.period import day_after
from services.roster.queries.policies import objection_days
from services.roster.use_cases.absences import write_absence
from services.roster.use_cases.assignments import visible_assignment
from services.roster.use_cases.corrections import Right, correct_hours
from services.roster.use_cases.ledger import share_periods
from services.roster.use_cases.staffing import lock_session
from shared import audit
from shared.database import one_row, suite_time
from shared.errors import Stale
from shared.ids import new_id

MOST_OPEN = 10


def object_to(
    session: Session, assignment_id: str, words: str, *, seen: int, person_id: str
) -> Objection:
    """Object to the hours (their version ``seen``), or to the absence (0), noted of oneself.

    Raises ``ObjectionClosed`` after the deadline, ``AlreadyObjected``, ``Stale`` where there is a
    newer entry, ``NoSuchHours`` where nothing was noted.
    """
    known = visible_assignment(session, assignment_id, person_id=person_id)
    lock_session(session, known.session_id)
    row = visible_assignment(session, assignment_id)
    about, noted_at, month = _noted(session, row)
    if about != seen:
        raise Stale
    share_periods(session, month)
    at, days = suite_time(session), objection_days(session, noted_at)
    if at >= day_after(noted_at, days):
        raise ObjectionClosed(days=days)
    if _open_of(session, person_id) >= MOST_OPEN:
        raise TooManyObjections(most=MOST_OPEN)
    made = {
        "id": new_id(),
        "assignment_id": assignment_id,
        "person_id": person_id,
        "about": about,
        "month": month,
        "words": words,
        "raised_at": at,
    }
    try:
        with session.begin_nested():
            session.execute(insert(Objection).values(made))
    except IntegrityError as problem:
        raise AlreadyObjected from problem
    audit.record(session, person_id, "objection.raised", str(made["id"]))
    return _told(session, str(made["id"]), row.session_id)


def decide(
    session: Session,
    objection_id: str,
    *,
    upheld: bool,
    answer: str,
    right: Right | None,
    actor: str,
) -> Objection:
    """Decide about an objection, never about one's own; what was said and what was decided both stay.

    One that is upheld says what is right instead (``right``), unless it was corrected meanwhile;
    an absence without it becomes one with a reason. Raises ``AlreadyDecided``, ``OwnHours``.
    """
    known = session.get(Objection, objection_id)
    if known is None:
        raise NoSuchObjection
    if known.person_id == actor:
        raise OwnHours
    if not answer:
        raise AnswerNeeded
    row = visible_assignment(session, known.assignment_id)
    lock_session(session, row.session_id)
    decision = {
        "state": UPHELD if upheld else DECLINED,
        "answer": answer,
        "decided_by": actor,
        "decided_at": suite_time(session),
    }
    change = update(Objection).where(Objection.id == objection_id, Objection.state == WAITS)
    one_row(session.execute(change.values(decision)), AlreadyDecided())
    if upheld:
        _put_right(session, known, right, answer, actor)
    audit.record(session, actor, f"objection.{decision['state']}", objection_id)
    return _told(session, objection_id, row.session_id)


def _put_right(
    session: Session, about: Objection, right: Right | None, answer: str, actor: str
) -> None:
    stands = session.get(Hours, about.assignment_id, populate_existing=True)
    version = stands.version if stands else 0
    if right is not None:
        correct_hours(session, about.assignment_id, right, seen=version, actor=actor)
    elif about.about == AN_ABSENCE and stands is None:
        row = visible_assignment(session, about.assignment_id)
        write_absence(session, row, excused=True, reason=answer, actor=actor)
    elif version == about.about:
        raise RightNeeded


def _noted(session: Session, row: Assignment) -> tuple[int, datetime, str]:
    """Return what was noted last of an assignment: which entry, when, in which month."""
    stands = session.get(Hours, row.id, populate_existing=True)
    if stands is not None:
        return stands.version, stands.recorded_at, stands.month
    absence = session.get(Absence, row.id, populate_existing=True)
    if row.state != ABSENT or absence is None:
        raise NoSuchHours
    return AN_ABSENCE, absence.noted_at, absence.month


def _open_of(session: Session, person_id: str) -> int:
    mine = select(func.count()).where(Objection.person_id == person_id, Objection.state == WAITS)
    return int(session.execute(mine).scalar_one())


def _told(session: Session, objection_id: str, session_id: str) -> Objection:
    made = session.get_one(Objection, objection_id, populate_existing=True)
    events.objection(session, made, session_id)
    return made
