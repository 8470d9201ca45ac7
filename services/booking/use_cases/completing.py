"""When a training is completed: attended, and its quiz passed where there is one. What was announced stays true."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking import events
from services.booking.models.enrolment import Enrolment
from services.booking.models.quiz import (
    COMPLETED,
    ON,
    PASSED,
    WITHDRAWN,
    Completion,
    Quiz,
    QuizAttempt,
)
from services.booking.models.session import ServiceSession
from shared.database import suite_time

TRAINING, ATTENDED = "training", "attended"
AT_ONCE = 200


def settle(session: Session, enrolment: Enrolment) -> None:
    """Complete the training of a (locked) enrolment, or take that back, as its state says now.

    A quiz that is written later takes nothing back. Attendance that is marked again after it was
    taken back counts as new: without a quiz, or with the quiz passed before, it is completed at once.
    """
    row = session.get_one(ServiceSession, enrolment.session_id)
    known = session.get(Completion, enrolment.id, populate_existing=True)
    done = known is not None and known.state == COMPLETED
    if enrolment.state != ATTENDED:
        if done:
            _write(session, enrolment, row, known, WITHDRAWN)
    elif not done and row.kind == TRAINING and _enough(session, enrolment, row):
        _write(session, enrolment, row, known, COMPLETED)


def settle_due(session: Session, offering_id: str | None = None) -> int:
    """Complete what is due and was not settled when it was marked; return how many were looked at.

    That is what was attended before trainings were announced as completed, or before a quiz was
    switched off.
    """
    passed = exists().where(QuizAttempt.enrolment_id == Enrolment.id, QuizAttempt.state == PASSED)
    quiz = exists().where(Quiz.offering_id == ServiceSession.offering_id, Quiz.state == ON)
    due = (
        select(Enrolment)
        .join(ServiceSession, ServiceSession.id == Enrolment.session_id)
        .where(Enrolment.state == ATTENDED, ServiceSession.kind == TRAINING)
        .where(~exists().where(Completion.id == Enrolment.id, Completion.state == COMPLETED))
        .where(~quiz | passed)
        .order_by(Enrolment.id)
        .limit(AT_ONCE)
        .with_for_update(of=Enrolment)
    )
    if offering_id is not None:
        due = due.where(ServiceSession.offering_id == offering_id)
    found = session.scalars(due).all()
    for enrolment in found:
        settle(session, enrolment)
    return len(found)


def _enough(session: Session, enrolment: Enrolment, row: ServiceSession) -> bool:
    quiz = session.get(Quiz, row.offering_id)
    if quiz is None or quiz.state != ON:
        return True
    passed = select(QuizAttempt.id).where(
        QuizAttempt.enrolment_id == enrolment.id, QuizAttempt.state == PASSED
    )
    return session.scalars(passed.limit(1)).first() is not None


def _write(
    session: Session,
    enrolment: Enrolment,
    row: ServiceSession,
    known: Completion | None,
    state: str,
) -> None:
    at = suite_time(session)
    if known is None:
        known = Completion(id=enrolment.id, version=1, state=state, changed_at=at)
        session.add(known)
    else:
        known.state, known.changed_at, known.version = state, at, known.version + 1
    session.flush()
    events.training(session, known, enrolment, row.offering_id)
