"""Displays over HTTP: their beats, and the lists that desk and coordinators read."""

from typing import Any
from uuid import UUID

from services.booking.queries import displays as queries
from services.booking.queries.conflicts import open_count
from services.booking.routes.line import on_site
from services.booking.schemas.displays import (
    BeatRequest,
    BeatSchema,
    DisplaysSchema,
    SessionDisplaysSchema,
)
from services.booking.use_cases import displays as use_cases
from shared.auth import FRONT, ON_SITE, STAFF
from shared.http import Blueprint, reading, transaction

BLUEPRINT = Blueprint("displays", __name__, description="Screens that show a session's wall")
ACCESS = {
    "displays.beat": STAFF | {FRONT},
    "displays.of_session": ON_SITE,
    "displays.everywhere": STAFF,
    "displays.forget": ON_SITE,
}


@BLUEPRINT.put("/sessions/<uuid:id>/displays/<uuid:display_id>")
@BLUEPRINT.arguments(BeatRequest)
@BLUEPRINT.response(200, BeatSchema)
def beat(given: dict[str, Any], id: UUID, display_id: UUID) -> Any:
    """Say that a display lives (the front, for a page that staff opened)."""
    with transaction() as session:
        said = use_cases.Beat(**given)
        found = use_cases.beat(session, str(id), str(display_id), said)
        return {"id": found.id, "number": found.number}


@BLUEPRINT.get("/sessions/<uuid:id>/displays")
@BLUEPRINT.response(200, SessionDisplaysSchema)
def of_session(id: UUID) -> Any:
    """Show the displays of a session, which of them are silent, and how many conflicts are open."""
    with reading() as session:
        on_site(session, str(id))
        items = queries.of_session(session, str(id))
        return {"items": items, "open_conflicts": open_count(session, str(id))}


@BLUEPRINT.get("/displays")
@BLUEPRINT.response(200, DisplaysSchema)
def everywhere() -> Any:
    """Show all displays of the last hours."""
    with reading() as session:
        return {"items": queries.everywhere(session)}


@BLUEPRINT.delete("/sessions/<uuid:id>/displays/<uuid:display_id>")
@BLUEPRINT.response(204)
def forget(id: UUID, display_id: UUID) -> None:
    """Take a display that is gone off the list."""
    with transaction() as session:
        person = on_site(session, str(id))
        use_cases.forget(session, str(id), str(display_id), person.id)
