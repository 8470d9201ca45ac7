"""Registering, and the forgotten password: the doors for people who are not signed in."""

from typing import Any

from flask import Response

from services.identity.routes.sign_in import client_address
from services.identity.schemas.people import PersonSchema, RegistrationSchema
from services.identity.schemas.sign_in import ResetLinkSchema, ResetRequestSchema, ResetSchema
from services.identity.use_cases import passwords, registration
from services.identity.use_cases.sign_in import count_attempt
from shared.auth import ANYONE, FRONT_ONLY, Access
from shared.http import Blueprint, database, reply, settings_of_app

BLUEPRINT = Blueprint("registrations", __name__, description="Registration and forgotten passwords")
ACCESS: Access = {
    "registrations.register": ANYONE,
    "registrations.ask_reset": FRONT_ONLY,
    "registrations.complete_reset": ANYONE,
}


@BLUEPRINT.route("/registrations", methods=["POST"])
@BLUEPRINT.arguments(RegistrationSchema)
@BLUEPRINT.response(201, PersonSchema)
def register(body: dict[str, Any]) -> Any:
    """Register as a student. The same form sent twice makes one person."""
    body.pop("email")
    count_attempt(database(), "register", body["login"], client_address())
    return registration.register(database(), **body)


@BLUEPRINT.route("/password-resets", methods=["POST"])
@BLUEPRINT.arguments(ResetRequestSchema)
@BLUEPRINT.response(200, ResetLinkSchema)
def ask_reset(body: dict[str, Any]) -> dict[str, str]:
    """Make a reset link for the front to send; empty where nobody has this login."""
    demo = settings_of_app().demo
    link = passwords.ask_for_reset(database(), body["login"], client_address(), demo=demo)
    return {"person_id": link[0], "token": link[1]} if link else {}


@BLUEPRINT.route("/password-resets/complete", methods=["POST"])
@BLUEPRINT.arguments(ResetSchema)
@BLUEPRINT.response(204)
def complete_reset(body: dict[str, Any]) -> Response:
    """Choose a password through a link; signs out everywhere."""
    passwords.complete_reset(database(), body["token"], body["password"])
    return reply(None, 204)
