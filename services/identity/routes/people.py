"""People as staff see them: search, enter, roles, import, names in a batch."""

from typing import Any

from flask import Response

from services.identity.queries import people as queries
from services.identity.schemas.people import (
    IdsSchema,
    ImportResultSchema,
    ImportSchema,
    NamesSchema,
    NewPersonSchema,
    PeoplePage,
    PeopleQuery,
    PersonSchema,
    RolesSchema,
)
from services.identity.use_cases import importing, people, registration
from shared.auth import ADMIN, ADMINS, FRONT_ONLY, SIGNED_IN, STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, locale, once, reading, reply, transaction

BLUEPRINT = Blueprint("people", __name__, description="People and their roles")
ACCESS: Access = {
    "people.search": STAFF,
    "people.enter": STAFF,
    "people.show": STAFF,
    "people.set_roles": ADMINS,
    "people.import_csv": STAFF,
    "people.names": SIGNED_IN | FRONT_ONLY,
}


@BLUEPRINT.route("/people", methods=["GET"])
@BLUEPRINT.arguments(PeopleQuery, location="query")
@BLUEPRINT.response(200, PeoplePage)
def search(query: dict[str, Any]) -> Any:
    """Find people by name, login or role."""
    with reading() as session:
        return queries.people_page(session, **query)


@BLUEPRINT.route("/people", methods=["POST"])
@BLUEPRINT.arguments(NewPersonSchema)
@BLUEPRINT.response(201, PersonSchema)
def enter(body: dict[str, Any]) -> Response:
    """Enter somebody who stands at the desk; they can choose a password later."""
    actor = current_person()
    given = {**body, "roles": set(body["roles"])}
    return once(
        lambda session: registration.enter_person(session, actor.id, actor.has(ADMIN), **given),
        PersonSchema(),
    )


@BLUEPRINT.route("/people/<person_id>", methods=["GET"])
@BLUEPRINT.response(200, PersonSchema)
def show(person_id: str) -> Response:
    """Show one person."""
    with reading() as session:
        person = queries.person_by_id(session, person_id)
    return reply(PersonSchema().dump(person), 200, etag(person.version))


@BLUEPRINT.route("/people/<person_id>/roles", methods=["PUT"])
@BLUEPRINT.arguments(RolesSchema)
@BLUEPRINT.response(200, PersonSchema)
def set_roles(body: dict[str, Any], person_id: str) -> Response:
    """Set somebody's roles (If-Match); one administrator always remains."""
    expected = expected_version()
    with transaction() as session:
        person = people.set_roles(
            session, current_person().id, person_id, set(body["roles"]), expected
        )
    return reply(PersonSchema().dump(person), 200, etag(person.version))


@BLUEPRINT.route("/people/import", methods=["POST"])
@BLUEPRINT.arguments(ImportSchema)
@BLUEPRINT.response(200, ImportResultSchema)
def import_csv(body: dict[str, Any]) -> Response:
    """Import people from a CSV file, or only show what an import would do (the default)."""
    actor, dry_run = current_person(), body["dry_run"]
    text = body["csv"] if "csv" in body else importing.decoded(body["csv_base64"])
    return once(
        lambda session: _result(
            importing.import_people(session, actor.id, actor.has(ADMIN), text, dry_run=dry_run),
            dry_run,
        ),
        ImportResultSchema(),
        200,
    )


@BLUEPRINT.route("/people/names", methods=["POST"])
@BLUEPRINT.arguments(IdsSchema)
@BLUEPRINT.response(200, NamesSchema)
def names(body: dict[str, Any]) -> dict[str, Any]:
    """Give names for ids: whole ones to staff, masked ones to everybody else."""
    with reading() as session:
        whole = current_person().is_staff
        return {"names": queries.names_of(session, body["ids"], whole=whole)}


def _result(rows: list[importing.Row], dry_run: bool) -> dict[str, Any]:
    english = locale() == "en"
    states = [row.state for row in rows]
    return {
        "rows": [{**vars(row), "errors": [text[english] for text in row.errors]} for row in rows],
        "created": states.count("created"),
        "existing": states.count("exists"),
        "invalid": states.count("invalid"),
        "dry_run": dry_run,
    }
