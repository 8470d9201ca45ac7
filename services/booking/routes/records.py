"""Searching what happened to devices, over HTTP."""

from typing import Any

from services.booking.queries import records
from services.booking.queries.records import Wanted
from services.booking.schemas.records import (
    ChoicesQuery,
    ChoicesSchema,
    RecordQuery,
    RecordsPage,
)
from shared.auth import STAFF
from shared.http import Blueprint, reading, settings_of_app

BLUEPRINT = Blueprint("records", __name__, description="What happened to each device")
ACCESS = {"records.search": STAFF, "records.choices": STAFF}


@BLUEPRINT.get("/records")
@BLUEPRINT.arguments(RecordQuery, location="query")
@BLUEPRINT.response(200, RecordsPage)
def search(given: dict[str, Any]) -> Any:
    """Search records by days, words and filters."""
    page = {name: given.pop(name) for name in ("sort", "cursor", "limit")}
    with reading() as session:
        return records.found(session, wanted(given), **page)


@BLUEPRINT.get("/records/choices")
@BLUEPRINT.arguments(ChoicesQuery, location="query")
@BLUEPRINT.response(200, ChoicesSchema)
def choices(given: dict[str, Any]) -> Any:
    """List what the filters can be set to in some days."""
    with reading() as session:
        return records.choices(session, wanted(given))


def wanted(given: dict[str, Any]) -> Wanted:
    """Return the filter that was asked for, in the zone of the centre."""
    days = {"first": given.pop("from_"), "last": given.pop("to")}
    return Wanted(**days, **given, zone=settings_of_app().zone)
