"""The quiz after a training over HTTP: begin, read, answer, only for the one whose attempt it is; counts for staff."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import quizzes as queries
from services.booking.schemas.quizzes import (
    AnswersRequest,
    AttemptListSchema,
    AttemptSchema,
    QuizFiguresSchema,
)
from services.booking.use_cases import quizzes as use_cases
from shared.auth import SIGNED_IN, STAFF, current_person
from shared.http import Blueprint, once, reading

BLUEPRINT = Blueprint("quizzes", __name__, description="The quiz after a training")
ACCESS = {
    "quizzes.begin": SIGNED_IN,
    "quizzes.read": SIGNED_IN,
    "quizzes.answer": SIGNED_IN,
    "quizzes.mine": SIGNED_IN,
    "quizzes.figures": STAFF,
}
SHAPE = AttemptSchema()


@BLUEPRINT.post("/enrolments/<uuid:id>/quiz-attempts")
@BLUEPRINT.response(201, AttemptSchema)
def begin(id: UUID) -> Response:
    """Begin an attempt, or go on with the open one."""
    me = current_person().id
    return once(
        lambda session: queries.shown(session, use_cases.begin(session, str(id), me)), SHAPE
    )


@BLUEPRINT.get("/quiz-attempts/mine")
@BLUEPRINT.response(200, AttemptListSchema)
def mine() -> Any:
    """List all attempts that are kept of me."""
    with reading() as session:
        return {"items": queries.of_person(session, current_person().id)}


@BLUEPRINT.get("/quiz-attempts/<uuid:id>")
@BLUEPRINT.response(200, AttemptSchema)
def read(id: UUID) -> Any:
    """Read my attempt; what is right is in it once it has ended."""
    with reading() as session:
        attempt = use_cases.own_attempt(session, str(id), current_person().id)
        return queries.shown(session, attempt)


@BLUEPRINT.post("/quiz-attempts/<uuid:id>/answers")
@BLUEPRINT.arguments(AnswersRequest)
@BLUEPRINT.response(200, AttemptSchema)
def answer(given: dict[str, Any], id: UUID) -> Response:
    """Send all answers, once; the attempt has ended then."""
    me = current_person().id

    def work(session: Any) -> Any:
        return queries.shown(session, use_cases.answer(session, str(id), me, given["answers"]))

    return once(work, SHAPE, status=200)


@BLUEPRINT.get("/offerings/<uuid:id>/quiz-figures")
@BLUEPRINT.response(200, QuizFiguresSchema)
def figures(id: UUID) -> Any:
    """Count how a training's quiz went; no person is in it."""
    with reading() as session:
        return queries.figures(session, str(id))
