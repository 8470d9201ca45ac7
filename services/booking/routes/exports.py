"""Records as files, over HTTP: Open Repair Data, CSV, workbook."""

from typing import Any

from flask import Response

from services.booking.queries import ords, sheets
from services.booking.routes.records import wanted
from services.booking.schemas.records import RecordFilter
from shared.auth import STAFF
from shared.http import Blueprint, database, locale, settings_of_app

BLUEPRINT = Blueprint("exports", __name__, description="Records as files")
ACCESS = {
    "exports.open_repair_data": STAFF,
    "exports.records_csv": STAFF,
    "exports.records_xlsx": STAFF,
}
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@BLUEPRINT.get("/exports/open-repair-data")
@BLUEPRINT.arguments(RecordFilter, location="query")
@BLUEPRINT.response(200, {"type": "string"}, content_type=CSV)
def open_repair_data(given: dict[str, Any]) -> Response:
    """Export outcomes as Open Repair Data 0.3 (CSV, verbatim); trials only when asked."""
    settings = settings_of_app()
    publisher = ords.Publisher(
        settings.ords_provider, settings.ords_code, settings.ords_country, settings.ords_group
    )
    name = _named("open-repair-data", given, "csv")
    return _file(ords.export(database(), wanted(given), publisher), CSV, name)


@BLUEPRINT.get("/exports/records.csv")
@BLUEPRINT.arguments(RecordFilter, location="query")
@BLUEPRINT.response(200, {"type": "string"}, content_type=CSV)
def records_csv(given: dict[str, Any]) -> Response:
    """Export records for a spreadsheet as CSV (UTF-8 with BOM, formulas defused), without names."""
    name = _named("records", given, "csv")
    return _file(sheets.as_csv(database(), wanted(given), locale()), CSV, name)


@BLUEPRINT.get("/exports/records.xlsx")
@BLUEPRINT.arguments(RecordFilter, location="query")
@BLUEPRINT.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def records_xlsx(given: dict[str, Any]) -> Response:
    """Export records as a workbook (real numbers and dates, formulas defused), without names."""
    name = _named("records", given, "xlsx")
    return _file(sheets.as_workbook(database(), wanted(given), locale()), XLSX, name)


def _named(what: str, given: dict[str, Any], ending: str) -> str:
    """Return a file name that says which days it holds."""
    days = [str(day) for day in (given["from_"], given["to"]) if day]
    return "-".join(["xiuhao", what, *days]) + f".{ending}"


def _file(pieces: Any, kind: str, name: str) -> Response:
    response = Response(pieces, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
