"""The doors to the quiz of a training: for staff only, since it says what is right."""

from typing import Any

from flask import Response

from services.catalog.models import Offering, Quiz
from services.catalog.models.quiz import START
from services.catalog.queries.catalog import one
from services.catalog.schemas.quiz import QuizFieldsSchema, QuizSchema
from services.catalog.use_cases import quizzes as use_cases
from shared.auth import STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, reading, reply, transaction

BLUEPRINT = Blueprint("quizzes", __name__, description="What is asked after a training")
ACCESS: Access = {"quizzes.show": STAFF, "quizzes.write": STAFF}
SHAPE = QuizSchema()


@BLUEPRINT.route("/offerings/<id>/quiz", methods=["GET"])
@BLUEPRINT.response(200, QuizSchema)
def show(id: str) -> Response:
    """Show an offering's quiz with what is right; an empty one of version 0 where there is none."""
    with reading() as db:
        one(db, Offering, id)
        quiz = db.get(Quiz, id) or {"offering_id": id, "version": 0, **START}
        body = SHAPE.dump(quiz)
    return reply(body, 200, etag(body["version"]))


@BLUEPRINT.route("/offerings/<id>/quiz", methods=["PUT"])
@BLUEPRINT.arguments(QuizFieldsSchema)
@BLUEPRINT.response(200, QuizSchema)
def write(body: dict[str, Any], id: str) -> Response:
    """Write an offering's quiz (If-Match: its version, "0" for the first)."""
    expected = expected_version()
    with transaction() as db:
        quiz = use_cases.write_quiz(db, current_person().id, id, expected, body)
    return reply(SHAPE.dump(quiz), 200, etag(quiz.version))
