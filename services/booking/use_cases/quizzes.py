"""The quiz after a training: kept as catalog wrote it, tried by who was there, scored here."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models import quiz_paper as paper
from services.booking.models.enrolment import Enrolment
from services.booking.models.quiz import (
    COMPLETED,
    FAILED,
    ON,
    OPEN,
    PASSED,
    Completion,
    Quiz,
    QuizAttempt,
)
from services.booking.models.session import ServiceSession
from services.booking.use_cases.completing import ATTENDED, settle, settle_due
from shared import audit
from shared.database import one_row, suite_time, upsert_by_version
from shared.errors import NotFound
from shared.ids import new_id

KEPT = timedelta(days=180)


def take_quiz(session: Session, offering_id: str, version: int, values: dict[str, Any]) -> None:
    """Keep a quiz as catalog says it is; once it is off, who attended has completed the training."""
    taken = upsert_by_version(session, Quiz, offering_id, version, values, key="offering_id")
    if taken and values["state"] != ON:
        settle_due(session, offering_id)


def begin(session: Session, enrolment_id: str, person_id: str) -> QuizAttempt:
    """Begin an attempt, or go on with the one that is open.

    What decides when two devices begin at once are the unique indexes on one open attempt and on the
    number of an attempt. Raises ``NotAttended``, ``NoQuiz``, ``QuizPassed``, ``TriedEnough``.
    """
    enrolment = _own(session, enrolment_id, person_id)
    row = session.get_one(ServiceSession, enrolment.session_id)
    known = _open(session, person_id, row.offering_id)
    if known is not None:
        return known
    quiz = _asked_of(session, enrolment, row)
    at = suite_time(session)
    number = _next_number(session, quiz, person_id, at, row.zone)
    seed = token_hex(16)
    questions = paper.draw(quiz.questions, quiz.drawn, seed)
    attempt = QuizAttempt(
        id=new_id(),
        person_id=person_id,
        offering_id=quiz.offering_id,
        enrolment_id=enrolment_id,
        number=number,
        state=OPEN,
        quiz_version=quiz.version,
        seed=seed,
        questions=questions,
        pass_percent=quiz.pass_percent,
        asked=len(questions),
        answers={},
        correct=0,
        started_at=at,
    )
    session.add(attempt)
    try:
        session.flush()
    except IntegrityError as error:
        raise _explained(error) from error
    audit.record(session, person_id, "quiz.begin", attempt.id)
    return attempt


def answer(
    session: Session, id: str, person_id: str, answers: Mapping[str, Sequence[int]]
) -> QuizAttempt:
    """Take the answers of an open attempt, once; a pass completes the training.

    The enrolment is locked first, as marking attendance does. Raises ``AttemptOver``, ``AnswersUnfit``.
    """
    attempt = own_attempt(session, id, person_id)
    enrolment = session.get_one(Enrolment, attempt.enrolment_id, with_for_update=True)
    if attempt.state != OPEN:
        raise errors.AttemptOver
    if wrong := paper.unfit(attempt.questions, answers):
        raise errors.AnswersUnfit(fields={f"answers.{key}": said for key, said in wrong.items()})
    correct = paper.score(attempt.questions, answers)
    passed = paper.passes(correct, attempt.asked, attempt.pass_percent)
    values = {
        "state": PASSED if passed else FAILED,
        "answers": {key: sorted(set(chosen)) for key, chosen in answers.items()},
        "correct": correct,
        "ended_at": suite_time(session),
    }
    ended = update(QuizAttempt).where(QuizAttempt.id == id, QuizAttempt.state == OPEN)
    blind = {"synchronize_session": False}
    one_row(session.execute(ended.values(**values), execution_options=blind), errors.AttemptOver())
    session.refresh(attempt)
    audit.record(session, person_id, "quiz.answer", id)
    if passed:
        settle(session, enrolment)
    return attempt


def own_attempt(session: Session, id: str, person_id: str) -> QuizAttempt:
    """Return an attempt to the one who made it; to everybody else there is none."""
    attempt = session.get(QuizAttempt, id)
    if attempt is None or attempt.person_id != person_id:
        raise NotFound
    return attempt


def forget_attempts(session: Session) -> None:
    """Forget attempts half a year after they began; that a training is completed stays."""
    old = QuizAttempt.started_at < suite_time(session) - KEPT
    session.execute(delete(QuizAttempt).where(old))


def _own(session: Session, enrolment_id: str, person_id: str) -> Enrolment:
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.person_id != person_id:
        raise NotFound
    return enrolment


def _open(session: Session, person_id: str, offering_id: str) -> QuizAttempt | None:
    mine = select(QuizAttempt).where(
        QuizAttempt.person_id == person_id, QuizAttempt.offering_id == offering_id
    )
    return session.scalars(mine.where(QuizAttempt.state == OPEN)).one_or_none()


def _asked_of(session: Session, enrolment: Enrolment, row: ServiceSession) -> Quiz:
    """Return the quiz that somebody who attended has still to pass."""
    if enrolment.state != ATTENDED:
        raise errors.NotAttended
    known = session.get(Completion, enrolment.id)
    if known is not None and known.state == COMPLETED:
        raise errors.QuizPassed
    quiz = session.get(Quiz, row.offering_id)
    if quiz is None or quiz.state != ON:
        raise errors.NoQuiz
    return quiz


def _next_number(session: Session, quiz: Quiz, person_id: str, at: datetime, zone: str) -> int:
    """Return the number of the next attempt, read in one statement with those that count now."""
    mine = select(QuizAttempt.number, QuizAttempt.started_at).where(
        QuizAttempt.person_id == person_id, QuizAttempt.offering_id == quiz.offering_id
    )
    before = session.execute(mine.order_by(QuizAttempt.number.desc()).limit(quiz.attempts)).all()
    wait = timedelta(hours=quiz.wait_hours)
    if len(before) == quiz.attempts and before[-1].started_at > at - wait:
        when = errors.local(before[-1].started_at + wait, zone)
        raise errors.TriedEnough(attempts=quiz.attempts, hours=quiz.wait_hours, at=when)
    return before[0].number + 1 if before else 1


def _explained(error: IntegrityError) -> Exception:
    said = str(error.orig)
    if "quiz_attempt" in said and ("uq_" in said or "UNIQUE" in said):
        return errors.AttemptUnderWay()
    return error
