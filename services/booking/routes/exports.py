"""Open Repair Data over HTTP."""

from typing import Any

from flask import Response

from services.booking.queries import ords
from services.booking.schemas.visits import ExportQuery
from shared.auth import STAFF
from shared.http import Blueprint, database, settings_of_app

BLUEPRINT = Blueprint("exports", __name__, description="Outcomes for the Open Repair Alliance")
ACCESS = {"exports.open_repair_data": STAFF}


@BLUEPRINT.get("/exports/open-repair-data")
@BLUEPRINT.arguments(ExportQuery, location="query")
@BLUEPRINT.response(200, {"type": "string"}, content_type="text/csv")
def open_repair_data(given: dict[str, Any]) -> Response:
    """Export outcomes as Open Repair Data 0.3 (CSV, verbatim); trials only when asked."""
    settings = settings_of_app()
    publisher = ords.Publisher(
        settings.ords_provider,
        settings.ords_code,
        settings.ords_country,
        settings.ords_group,
        settings.zone,
    )
    wanted = ords.Wanted(given["session_id"], given["from_"], given["to"], given["trial"])
    response = Response(ords.export(database(), wanted, publisher), content_type="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=open-repair-data.csv"
    return response
