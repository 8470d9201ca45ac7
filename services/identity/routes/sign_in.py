"""Signing in: tokens for API clients, sessions for the front, the front's own token."""

from typing import Any

from flask import Response, request

from services.identity.models import Person
from services.identity.queries.people import person_by_id
from services.identity.schemas.sign_in import (
    CredentialsSchema,
    FrontSecretSchema,
    RenewedSchema,
    SessionSecretSchema,
    SignedInSchema,
    TokenSchema,
)
from services.identity.use_cases import sign_in
from shared.auth import ANYONE, FRONT, TOKEN_SECONDS, Access, maybe_person, token_keys
from shared.client_address import ADDRESS, PROOF, believed
from shared.http import Blueprint, database, reading, reply, settings_of_app, transaction

BLUEPRINT = Blueprint("sign_in", __name__, description="Sign-in sessions and tokens")
ACCESS: Access = {
    "sign_in.get_token": ANYONE,
    "sign_in.open_session": ANYONE,
    "sign_in.refresh_session": ANYONE,
    "sign_in.revoke_session": ANYONE,
    "sign_in.front_token": ANYONE,
}


@BLUEPRINT.route("/tokens", methods=["POST"])
@BLUEPRINT.arguments(CredentialsSchema)
@BLUEPRINT.response(200, TokenSchema)
def get_token(body: dict[str, Any]) -> dict[str, Any]:
    """Give an API client a token for five minutes."""
    person_id = _checked(body)
    with reading() as session:
        return {"token_type": "Bearer", **_token(person_by_id(session, person_id))}


@BLUEPRINT.route("/sessions", methods=["POST"])
@BLUEPRINT.arguments(CredentialsSchema)
@BLUEPRINT.response(201, SignedInSchema)
def open_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in: a session whose secret goes into a cookie, and its first token."""
    person_id = _checked(body)
    with transaction() as session:
        person, secret = sign_in.open_session(session, person_id)
    return {"session": secret, "person": person, **_token(person)}


@BLUEPRINT.route("/sessions/refresh", methods=["POST"])
@BLUEPRINT.arguments(SessionSecretSchema)
@BLUEPRINT.response(200, RenewedSchema)
def refresh_session(body: dict[str, Any]) -> dict[str, Any]:
    """Give a sign-in session its next token; 401 when it has ended."""
    with transaction() as session:
        renewal = sign_in.renew(session, body["session"], demo=settings_of_app().demo)
    rotated = {"session": renewal.secret} if renewal.secret else {}
    return {**rotated, "person": renewal.person, **_token(renewal.person)}


@BLUEPRINT.route("/sessions/revoke", methods=["POST"])
@BLUEPRINT.arguments(SessionSecretSchema)
@BLUEPRINT.response(204)
def revoke_session(body: dict[str, Any]) -> Response:
    """Sign out."""
    with transaction() as session:
        sign_in.close_session(session, body["session"])
    return reply(None, 204)


@BLUEPRINT.route("/front-tokens", methods=["POST"])
@BLUEPRINT.arguments(FrontSecretSchema)
@BLUEPRINT.response(200, TokenSchema)
def front_token(body: dict[str, Any]) -> dict[str, Any]:
    """Give the web front a token of its own."""
    sign_in.check_front_secret(body["secret"], settings_of_app().front_secret_file)
    token = token_keys().mint(FRONT, frozenset({FRONT}))
    return {"token_type": "Bearer", "access_token": token, "expires_in": TOKEN_SECONDS}


def client_address() -> str | None:
    """Return the client's address as the front saw it; nobody else is believed."""
    asking = maybe_person()
    address = request.headers.get(ADDRESS)
    if asking and asking.has(FRONT):
        return address
    secret = settings_of_app().front_secret_file.read_text("utf-8")
    return believed(address, request.headers.get(PROOF), secret)


def _checked(body: dict[str, Any]) -> str:
    return sign_in.check_password(
        database(), body["login"], body["password"], client_address(), demo=settings_of_app().demo
    )


def _token(person: Person) -> dict[str, Any]:
    token = token_keys().mint(person.id, frozenset(person.roles))
    return {"access_token": token, "expires_in": TOKEN_SECONDS}
