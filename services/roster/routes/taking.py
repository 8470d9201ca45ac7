"""Taking shifts over HTTP: what is for me, and (for staff) who dropped late."""

from typing import Any

from services.roster.queries import assignments
from services.roster.queries import for_me as queries
from services.roster.queries.shifts import asker
from services.roster.schemas.taking import DroppedPage, ForMeQuery, ForMeSchema, LateQuery
from shared.auth import VOLUNTEER, current_person
from shared.clock import now
from shared.http import Blueprint, reading

blueprint = Blueprint("taking", __name__, description="接班次 · what is for me, who dropped late")


@blueprint.route("/shifts/for-me")
@blueprint.arguments(ForMeQuery, location="query")
@blueprint.response(200, ForMeSchema)
def for_me(query: dict[str, Any]) -> Any:
    """List the shifts ahead that suit the asker, lie at other times, or cannot be taken (and why)."""
    person, at = current_person(), now()
    how = {name: query.pop(name) for name in ("cursor", "limit")}
    with reading() as session:
        who = asker(session, person.id, at, has_role=person.has(VOLUNTEER))
        return queries.for_me(session, who, queries.Wanted(**query), at, **how)


@blueprint.route("/assignments/dropped-late")
@blueprint.arguments(LateQuery, location="query")
@blueprint.response(200, DroppedPage)
def dropped_late(query: dict[str, Any]) -> dict[str, Any]:
    """List the shifts that volunteers gave back within 48 hours of the start, the newest first."""
    with reading() as session:
        return {"items": assignments.dropped_late(session, now(), **query), "next_cursor": None}
