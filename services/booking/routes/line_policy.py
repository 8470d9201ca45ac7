"""How a line is run, over HTTP: a session's own rules, an offering's, or the usual ones."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.queries import line_policy as queries
from services.booking.schemas.turns import LinePolicySchema, LineRulesRequest
from services.booking.use_cases import line_policy as use_cases
from shared.auth import STAFF, current_person
from shared.http import Blueprint, etag, expected_version, reading, reply, transaction

BLUEPRINT = Blueprint("line_policy", __name__, description="The rules of a line")
ACCESS = {"line_policy.show": STAFF, "line_policy.put": STAFF, "line_policy.drop": STAFF}
POLICY = LinePolicySchema()
PATH = "/<any(sessions, offerings):what>/<uuid:id>/line-policy"


@BLUEPRINT.get(PATH)
@BLUEPRINT.response(200, LinePolicySchema)
def show(what: str, id: UUID) -> Response:
    """Show the rules that hold, whether they are its own, and their version (0: none)."""
    with reading() as session:
        return _told(queries.shown(session, what[:-1], str(id)))


@BLUEPRINT.put(PATH)
@BLUEPRINT.arguments(LineRulesRequest)
@BLUEPRINT.response(200, LinePolicySchema)
def put(given: dict[str, Any], what: str, id: UUID) -> Response:
    """Set the rules (If-Match says which version was seen)."""
    actor, expected = current_person().id, expected_version()
    with transaction() as session:
        shown = use_cases.set_policy(
            session, what[:-1], str(id), given, expected=expected, actor_id=actor
        )
    return _told(shown)


@BLUEPRINT.delete(PATH)
@BLUEPRINT.response(200, LinePolicySchema)
def drop(what: str, id: UUID) -> Response:
    """Go back to the rules that hold otherwise."""
    actor, expected = current_person().id, expected_version()
    with transaction() as session:
        shown = use_cases.drop_policy(session, what[:-1], str(id), expected, actor)
    return _told(shown)


def _told(policy: dict[str, Any]) -> Response:
    return reply(POLICY.dump(policy), 200, etag(policy["version"]))
