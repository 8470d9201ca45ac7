"""What people do with their own data."""

from typing import Any

from flask import Response

from services.identity.queries.people import person_by_id
from services.identity.schemas.people import MeChangeSchema, PersonSchema
from services.identity.schemas.sign_in import PasswordChangeSchema
from services.identity.use_cases import passwords, people
from shared.auth import SIGNED_IN, Access, current_person
from shared.http import Blueprint, database, reading, reply, transaction

BLUEPRINT = Blueprint("me", __name__, description="One's own data")
ACCESS: Access = {
    "me.show": SIGNED_IN,
    "me.change": SIGNED_IN,
    "me.erase": SIGNED_IN,
    "me.change_password": SIGNED_IN,
}


@BLUEPRINT.route("/people/me", methods=["GET"])
@BLUEPRINT.response(200, PersonSchema)
def show() -> Any:
    """Show who I am."""
    with reading() as session:
        return person_by_id(session, current_person().id)


@BLUEPRINT.route("/people/me", methods=["PATCH"])
@BLUEPRINT.arguments(MeChangeSchema)
@BLUEPRINT.response(200, PersonSchema)
def change(body: dict[str, Any]) -> Any:
    """Change my name or language."""
    with transaction() as session:
        return people.change_person(session, current_person().id, **body)


@BLUEPRINT.route("/people/me", methods=["DELETE"])
@BLUEPRINT.response(204)
def erase() -> Response:
    """Erase my data everywhere, for good."""
    with transaction() as session:
        people.erase_person(session, current_person().id, current_person().id)
    return reply(None, 204)


@BLUEPRINT.route("/people/me/password", methods=["POST"])
@BLUEPRINT.arguments(PasswordChangeSchema)
@BLUEPRINT.response(204)
def change_password(body: dict[str, Any]) -> Response:
    """Change my password; signs out everywhere."""
    passwords.change_password(database(), current_person().id, body["old"], body["new"])
    return reply(None, 204)
