"""The doors to programmes."""

from typing import Any

from flask import Response

from services.catalog.models import Programme
from services.catalog.queries import catalog as queries
from services.catalog.queries.sessions import sessions_of_programme
from services.catalog.schemas.catalog import (
    ProgrammeFieldsSchema,
    ProgrammePage,
    ProgrammeSchema,
    StateQuery,
)
from services.catalog.schemas.sessions import ProgrammeWithSessionsSchema
from services.catalog.use_cases import programmes as use_cases
from shared.auth import ANYONE, STAFF, Access, current_person, maybe_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("programmes", __name__, description="Theme days and what belongs to them")
ACCESS: Access = {
    "programmes.browse": ANYONE,
    "programmes.show": ANYONE,
    "programmes.add": STAFF,
    "programmes.change": STAFF,
    "programmes.archive": STAFF,
}


@BLUEPRINT.route("/programmes", methods=["GET"])
@BLUEPRINT.arguments(StateQuery, location="query")
@BLUEPRINT.response(200, ProgrammePage)
def browse(query: dict[str, Any]) -> Any:
    """List programmes."""
    with reading() as db:
        return queries.every(db, Programme, **query)


@BLUEPRINT.route("/programmes", methods=["POST"])
@BLUEPRINT.arguments(ProgrammeFieldsSchema)
@BLUEPRINT.response(201, ProgrammeSchema)
def add(body: dict[str, Any]) -> Response:
    """Add a programme."""
    actor = current_person()
    return once(lambda db: use_cases.add_programme(db, actor.id, body), ProgrammeSchema())


@BLUEPRINT.route("/programmes/<id>", methods=["GET"])
@BLUEPRINT.response(200, ProgrammeWithSessionsSchema)
def show(id: str) -> Response:
    """Show a programme with its sessions."""
    with reading() as db:
        programme = queries.one(db, Programme, id)
        staff = (asking := maybe_person()) is not None and asking.is_staff
        sessions = sessions_of_programme(db, id, staff=staff)
        dump = ProgrammeWithSessionsSchema().dump
        body = {**dump(programme), **dump({"sessions": sessions})}
    return reply(body, 200, etag(programme.version))


@BLUEPRINT.route("/programmes/<id>", methods=["PUT"])
@BLUEPRINT.arguments(ProgrammeFieldsSchema)
@BLUEPRINT.response(200, ProgrammeSchema)
def change(body: dict[str, Any], id: str) -> Response:
    """Change a programme (If-Match)."""
    expected = expected_version()
    with transaction() as db:
        programme = use_cases.change_programme(db, current_person().id, id, expected, body)
    return reply(ProgrammeSchema().dump(programme), 200, etag(programme.version))


@BLUEPRINT.route("/programmes/<id>/archive", methods=["POST"])
@BLUEPRINT.response(200, ProgrammeSchema)
def archive(id: str) -> Response:
    """Offer a programme no longer for new sessions."""
    actor = current_person()
    return once(lambda db: use_cases.archive_programme(db, actor.id, id), ProgrammeSchema(), 200)
