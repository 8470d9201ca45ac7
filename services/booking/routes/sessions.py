"""What is free, who would be told, and what can be brought, over HTTP."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.booking.models.category import CATEGORIES
from services.booking.queries import sessions as queries
from services.booking.schemas.appointments import (
    AudienceSchema,
    AvailabilitiesSchema,
    AvailabilityQuery,
    CategoriesSchema,
    SlotsSchema,
)
from shared.auth import ANYONE, STAFF
from shared.http import Blueprint, reading
from shared.pagination import MOST

BLUEPRINT = Blueprint("sessions", __name__, description="Slots and what is free")
ACCESS = {
    "sessions.slots": ANYONE,
    "sessions.availability": ANYONE,
    "sessions.audience": STAFF,
    "sessions.categories": ANYONE,
}


@BLUEPRINT.get("/sessions/<uuid:id>/slots")
@BLUEPRINT.response(200, SlotsSchema)
def slots(id: UUID) -> Any:
    """List a session's slots with what is free."""
    with reading() as session:
        return queries.slots_of(session, str(id))


@BLUEPRINT.get("/availability")
@BLUEPRINT.arguments(AvailabilityQuery, location="query")
@BLUEPRINT.response(200, AvailabilitiesSchema)
def availability(given: dict[str, Any]) -> Any:
    """Say what is free in several sessions at once; unknown ones are left out."""
    ids = [id for id in given["session_ids"].split(",") if id.isprintable()][:MOST]
    with reading() as session:
        return {"items": queries.availability(session, ids)}


@BLUEPRINT.get("/sessions/<uuid:id>/audience")
@BLUEPRINT.response(200, AudienceSchema)
def audience(id: UUID) -> Any:
    """Count who would be told of a change."""
    with reading() as session:
        return queries.audience(session, str(id))


@BLUEPRINT.get("/categories")
@BLUEPRINT.response(200, CategoriesSchema)
def categories() -> Any:
    """List the product categories of the Open Repair Data Standard 0.3."""
    return {"items": [asdict(category) for category in CATEGORIES]}
