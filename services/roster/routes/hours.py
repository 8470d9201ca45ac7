"""Hours over HTTP."""

from typing import Any

from services.roster.queries.hours import hours_of, total_minutes
from services.roster.schemas.hours import HoursPage, HoursQuery
from shared.auth import current_person
from shared.http import Blueprint, reading
from shared.schemas import PageQuery

blueprint = Blueprint("hours", __name__, description="服务时长 · minutes really served")


@blueprint.route("/hours/mine")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, HoursPage)
def my_hours(query: dict[str, Any]) -> dict[str, Any]:
    """List the asker's hours and their total, without trials."""
    return _page(current_person().id, **query)


@blueprint.route("/hours")
@blueprint.arguments(HoursQuery, location="query")
@blueprint.response(200, HoursPage)
def list_hours(query: dict[str, Any]) -> dict[str, Any]:
    """List a volunteer's hours, or everybody's, and the total without trials."""
    return _page(**query)


def _page(person_id: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    with reading() as session:
        found = hours_of(session, person_id, cursor=cursor, limit=limit)
        total = total_minutes(session, person_id)
    return {"items": found.items, "next_cursor": found.next_cursor, "total_minutes": total}
