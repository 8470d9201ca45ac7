"""The doors to sessions and weekly series."""

from typing import Any

from flask import Response

from services.catalog.models import Session
from services.catalog.queries import sessions as queries
from services.catalog.schemas.sessions import (
    CancelSchema,
    ChangedSessionSchema,
    CopySchema,
    NewSeriesSchema,
    NewSessionSchema,
    ScopeSchema,
    SeriesSchema,
    SessionActSchema,
    SessionPage,
    SessionQuery,
    SessionSchema,
)
from services.catalog.use_cases import planning
from services.catalog.use_cases import sessions as use_cases
from shared.auth import ANYONE, STAFF, Access, current_person, maybe_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("sessions", __name__, description="Sessions and weekly series")
ACCESS: Access = {
    "sessions.browse": ANYONE,
    "sessions.show": ANYONE,
    "sessions.plan": STAFF,
    "sessions.plan_series": STAFF,
    "sessions.change": STAFF,
    "sessions.publish": STAFF,
    "sessions.cancel": STAFF,
    "sessions.copy": STAFF,
}


@BLUEPRINT.route("/sessions", methods=["GET"])
@BLUEPRINT.arguments(SessionQuery, location="query")
@BLUEPRINT.response(200, SessionPage)
def browse(query: dict[str, Any]) -> Any:
    """List sessions by their start; drafts for staff only."""
    with reading() as db:
        return queries.sessions_page(db, staff=_staff(), **query)


@BLUEPRINT.route("/sessions/<id>", methods=["GET"])
@BLUEPRINT.response(200, SessionSchema)
def show(id: str) -> Response:
    """Show one session."""
    with reading() as db:
        session = queries.session_by_id(db, id, staff=_staff())
        return reply(SessionSchema().dump(session), 200, etag(session.version))


@BLUEPRINT.route("/sessions", methods=["POST"])
@BLUEPRINT.arguments(NewSessionSchema)
@BLUEPRINT.response(201, SessionSchema)
def plan(body: dict[str, Any]) -> Response:
    """Plan a session (a draft)."""
    actor = current_person()
    return once(lambda db: planning.plan_session(db, actor.id, body), SessionSchema())


@BLUEPRINT.route("/series", methods=["POST"])
@BLUEPRINT.arguments(NewSeriesSchema)
@BLUEPRINT.response(201, SeriesSchema)
def plan_series(body: dict[str, Any]) -> Response:
    """Plan a session that repeats weekly, at the same hour at the venue."""
    actor, weekly = current_person(), body.pop("weekly")
    return once(
        lambda db: _series(planning.plan_series(db, actor.id, body, weekly)), SeriesSchema()
    )


@BLUEPRINT.route("/sessions/<id>", methods=["PUT"])
@BLUEPRINT.arguments(ChangedSessionSchema)
@BLUEPRINT.response(200, SessionActSchema)
def change(body: dict[str, Any], id: str) -> Response:
    """Change a session (If-Match), alone, with the following ones, or with its whole series."""
    expected, scope = expected_version(), body.pop("scope")
    with transaction() as db:
        done = use_cases.change_session(db, current_person().id, id, expected, body, scope=scope)
    return reply(_act(done), 200, etag(done[0].version))


@BLUEPRINT.route("/sessions/<id>/publish", methods=["POST"])
@BLUEPRINT.arguments(ScopeSchema)
@BLUEPRINT.response(200, SessionActSchema)
def publish(body: dict[str, Any], id: str) -> Response:
    """Publish a draft, alone or with drafts of its series."""
    actor, scope = current_person(), body["scope"]
    return once(lambda db: _act(use_cases.publish_session(db, actor.id, id, scope)), status=200)


@BLUEPRINT.route("/sessions/<id>/cancel", methods=["POST"])
@BLUEPRINT.arguments(CancelSchema)
@BLUEPRINT.response(200, SessionActSchema)
def cancel(body: dict[str, Any], id: str) -> Response:
    """Cancel a session with a reason for everybody who booked."""
    actor, reason, scope = current_person(), body["reason"], body["scope"]
    return once(
        lambda db: _act(use_cases.cancel_session(db, actor.id, id, reason, scope)), status=200
    )


@BLUEPRINT.route("/sessions/<id>/copy", methods=["POST"])
@BLUEPRINT.arguments(CopySchema)
@BLUEPRINT.response(201, SessionSchema)
def copy(body: dict[str, Any], id: str) -> Response:
    """Plan a session like this one at another time."""
    actor, start = current_person(), body["starts_at"]
    return once(lambda db: planning.copy_session(db, actor.id, id, start), SessionSchema())


def _staff() -> bool:
    asking = maybe_person()
    return asking is not None and asking.is_staff


def _act(done: tuple[Session, int]) -> dict[str, Any]:
    session, affected = done
    return {**SessionSchema().dump(session), "affected": affected}


def _series(sessions: list[Session]) -> dict[str, Any]:
    return {"series_id": sessions[0].series_id, "sessions": sessions}
