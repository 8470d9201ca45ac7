"""Writing the quiz of a training."""

from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import Archived, BadQuiz, NoQuizHere
from services.catalog.models import Offering, Quiz
from services.catalog.models.offering import TRAINING
from services.catalog.models.quiz import problems_of
from services.catalog.queries.catalog import one
from shared import audit
from shared.errors import Stale
from shared.ids import new_id


def write_quiz(
    db: Db, actor_id: str, offering_id: str, expected: int, fields: dict[str, Any]
) -> Quiz:
    """Write the quiz of a training as it was seen at a version (0: there was none), and announce it.

    The offering's row is locked: of two who write the first one at once, one is told. Attempts that
    are under way keep the questions they were made with.
    """
    offering = one(db, Offering, offering_id, lock=True)
    quiz = db.get(Quiz, offering_id, with_for_update=True)
    if expected != (quiz.version if quiz else 0):
        raise Stale
    _refuse_unfit(offering, fields)
    if quiz is None:
        quiz = Quiz(offering_id=offering_id, version=1, **fields)
        db.add(quiz)
    else:
        quiz.version += 1
        for name, value in fields.items():
            setattr(quiz, name, value)
    db.flush()
    events.quiz_changed(db, quiz)
    audit.record(db, actor_id, "quiz.write", offering_id)
    return quiz


def _refuse_unfit(offering: Offering, fields: dict[str, Any]) -> None:
    if offering.kind != TRAINING:
        raise NoQuizHere
    if offering.state == "archived":
        raise Archived
    for question in fields["questions"]:
        question["key"] = question["key"] or new_id()
        question["right"] = sorted(set(question["right"]))
    if problems := problems_of(fields):
        raise BadQuiz(fields=problems)
