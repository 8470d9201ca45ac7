"""The doors to the term calendar."""

from typing import Any

from flask import Response

from services.catalog.queries import calendar as queries
from services.catalog.schemas.calendar import TermFieldsSchema, TermSchema, TermsSchema
from services.catalog.use_cases import terms as use_cases
from shared.auth import ANYONE, STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("calendar", __name__, description="Terms: teaching weeks, holidays, exams")
ACCESS: Access = {
    "calendar.browse": ANYONE,
    "calendar.show": ANYONE,
    "calendar.add": STAFF,
    "calendar.change": STAFF,
    "calendar.archive": STAFF,
}
SHAPE = TermSchema()


@BLUEPRINT.route("/terms", methods=["GET"])
@BLUEPRINT.response(200, TermsSchema)
def browse() -> Any:
    """List the terms, the latest first."""
    with reading() as db:
        return {"items": queries.terms(db)}


@BLUEPRINT.route("/terms", methods=["POST"])
@BLUEPRINT.arguments(TermFieldsSchema)
@BLUEPRINT.response(201, TermSchema)
def add(body: dict[str, Any]) -> Response:
    """Add a term."""
    actor = current_person()
    return once(lambda db: use_cases.add_term(db, actor.id, body), SHAPE)


@BLUEPRINT.route("/terms/<id>", methods=["GET"])
@BLUEPRINT.response(200, TermSchema)
def show(id: str) -> Response:
    """Show a term."""
    with reading() as db:
        term = queries.term_by_id(db, id)
    return reply(SHAPE.dump(term), 200, etag(term.version))


@BLUEPRINT.route("/terms/<id>", methods=["PUT"])
@BLUEPRINT.arguments(TermFieldsSchema)
@BLUEPRINT.response(200, TermSchema)
def change(body: dict[str, Any], id: str) -> Response:
    """Change a term (If-Match)."""
    expected = expected_version()
    with transaction() as db:
        term = use_cases.change_term(db, current_person().id, id, expected, body)
    return reply(SHAPE.dump(term), 200, etag(term.version))


@BLUEPRINT.route("/terms/<id>/archive", methods=["POST"])
@BLUEPRINT.response(200, TermSchema)
def archive(id: str) -> Response:
    """Take a term out of the calendar."""
    actor = current_person()
    return once(lambda db: use_cases.archive_term(db, actor.id, id), SHAPE, 200)
