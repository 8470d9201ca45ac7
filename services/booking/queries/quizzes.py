"""Reads of quizzes: how somebody stands after a training, and an attempt without what is right until it has ended."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.booking.models.enrolment import Enrolment
from services.booking.models.quiz import COMPLETED, ON, OPEN, PASSED, Completion, Quiz, QuizAttempt
from services.booking.models.quiz_paper import is_right, several
from services.booking.models.session import ServiceSession
from services.booking.queries.sessions import summary
from shared.database import suite_time

Try = Row[tuple[str, str, str, str, str, datetime]]
LOOKED_AT = 2_000  # the newest attempts
BRIEF = (
    QuizAttempt.id,
    QuizAttempt.person_id,
    QuizAttempt.offering_id,
    QuizAttempt.enrolment_id,
    QuizAttempt.state,
    QuizAttempt.started_at,
)


def standings(session: Session, rows: Sequence[Enrolment]) -> dict[str, dict[str, Any]]:
    """Return how the attended ones of these enrolments stand with their quiz, by enrolment id.

    state: passed | open (go on) | ready (may begin) | waiting (not before `next_at`). Who completed
    the training without a quiz is not in it.
    """
    attended = [row for row in rows if row.state == "attended"]
    if not attended:
        return {}
    wanted = select(ServiceSession.id, ServiceSession.offering_id).where(
        ServiceSession.id.in_({row.session_id for row in attended})
    )
    offering_of = dict(session.execute(wanted).tuples().all())
    offerings = set(offering_of.values())
    quizzes = {
        one.offering_id: one
        for one in session.scalars(select(Quiz).where(Quiz.offering_id.in_(offerings)))
    }
    done = set(
        session.scalars(
            select(Completion.id).where(
                Completion.id.in_([row.id for row in attended]), Completion.state == COMPLETED
            )
        )
    )
    tries = _tries(session, {row.person_id for row in attended}, offerings)
    at = suite_time(session)
    found = {}
    for row in attended:
        offering = offering_of[row.session_id]
        mine = tries[row.person_id, offering]
        if stands := _standing(row, quizzes.get(offering), mine, at, done=row.id in done):
            found[row.id] = stands
    return found


def shown(session: Session, attempt: QuizAttempt) -> dict[str, Any]:
    """Return an attempt as its owner may see it: what is right only once it has ended."""
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    row = session.get_one(ServiceSession, enrolment.session_id)
    ended = attempt.state != OPEN
    names = ("id", "enrolment_id", "number", "state", "asked", "pass_percent")
    return {name: getattr(attempt, name) for name in (*names, "started_at", "ended_at")} | {
        "correct": attempt.correct if ended else None,
        "questions": [_question(one, attempt.answers, ended=ended) for one in attempt.questions],
        "session": summary(row),
        "quiz": standings(session, [enrolment]).get(enrolment.id),
    }


def figures(session: Session, offering_id: str) -> dict[str, Any]:
    """Return how a training's quiz went, in counts without people: what is often wrong was badly taught or asked."""
    ended = select(QuizAttempt).where(
        QuizAttempt.offering_id == offering_id, QuizAttempt.state != OPEN
    )
    rows = session.scalars(ended.order_by(QuizAttempt.started_at.desc()).limit(LOOKED_AT)).all()
    asked, wrong = Counter[str](), Counter[str]()
    for row in rows:
        for question in row.questions:
            asked[question["key"]] += 1
            wrong[question["key"]] += not is_right(question, row.answers.get(question["key"], []))
    return {
        "attempts": len(rows),
        "people": len({row.person_id for row in rows}),
        "passed": len({row.person_id for row in rows if row.state == PASSED}),
        "questions": [
            {"key": key, "asked": many, "wrong": wrong[key]} for key, many in asked.items()
        ],
    }


def of_person(session: Session, person_id: str) -> list[dict[str, Any]]:
    """Return everything that is kept of somebody's attempts, the latest first (to take along)."""
    mine = select(QuizAttempt).where(QuizAttempt.person_id == person_id)
    latest = mine.order_by(QuizAttempt.started_at.desc(), QuizAttempt.id).limit(200)
    return [shown(session, one) for one in session.scalars(latest)]


def _question(question: dict[str, Any], answers: dict[str, Any], *, ended: bool) -> dict[str, Any]:
    open_to_all = {name: question[name] for name in ("key", "text", "choices")}
    told: dict[str, Any] = {"chosen": None, "right": None, "ok": None, "explanation": None}
    if ended:
        chosen = answers.get(question["key"], [])
        told = {"chosen": chosen, "right": question["right"], "ok": is_right(question, chosen)}
        told["explanation"] = question["explanation"]
    return open_to_all | {"several": several(question)} | told


def _tries(
    session: Session, people: set[str], offerings: set[str]
) -> defaultdict[tuple[str, str], list[Try]]:
    found: defaultdict[tuple[str, str], list[Try]] = defaultdict(list)
    wanted = select(*BRIEF).where(
        QuizAttempt.person_id.in_(people), QuizAttempt.offering_id.in_(offerings)
    )
    for one in session.execute(wanted.order_by(QuizAttempt.number.desc())):
        found[one.person_id, one.offering_id].append(one)
    return found


def _standing(
    row: Enrolment, quiz: Quiz | None, tries: list[Try], at: datetime, *, done: bool
) -> dict[str, Any] | None:
    mine = [one for one in tries if one.enrolment_id == row.id]
    ended = next((one.id for one in mine if one.state != OPEN), None)
    if done:
        return _said("passed", quiz, attempt_id=ended) if mine else None
    going = next((one.id for one in tries if one.state == OPEN), None)
    if going:
        return _said("open", quiz, attempt_id=going)
    if quiz is None or quiz.state != ON:
        return None
    since = at - timedelta(hours=quiz.wait_hours)
    counted = [one for one in tries if one.started_at > since]
    left = max(0, quiz.attempts - len(counted))
    if left:
        return _said("ready", quiz, attempt_id=ended, left=left)
    next_at = counted[quiz.attempts - 1].started_at + timedelta(hours=quiz.wait_hours)
    return _said("waiting", quiz, attempt_id=ended, next_at=next_at)


def _said(
    state: str,
    quiz: Quiz | None,
    *,
    attempt_id: str | None,
    left: int = 0,
    next_at: datetime | None = None,
) -> dict[str, Any]:
    names = ("drawn", "pass_percent", "attempts", "wait_hours")
    rules = {name: getattr(quiz, name) if quiz else None for name in names}
    return {"state": state, "attempt_id": attempt_id, "left": left, "next_at": next_at} | rules
