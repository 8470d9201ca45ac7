"""A volunteer's own records, and the public page that says whether a printed record holds, and nothing more."""

from typing import Any

from flask import Blueprint, Response, render_template

from services.web.clients import clients
from services.web.clients.service_records import Record
from services.web.signin import needs
from services.web.views.service_records.sheet import sheets
from shared.http_client import Problem

blueprint = Blueprint("service_records", __name__)
NOT_FOUND = 404
UNKNOWN = "unknown"


@blueprint.get("/me/records")
@needs("volunteer")
def mine() -> Any:
    """My records."""
    return render_template("pages/service_records.html", records=clients().roster.my_records())


@blueprint.get("/me/records/<record_id>/sheet.pdf")
@needs("volunteer")
def my_sheet(record_id: str) -> Response:
    """One of my records as PDF."""
    return pdf([clients().roster.record(record_id)])


@blueprint.get("/verify/<code>")
def verify(code: str) -> Any:
    """Whether the record with this code is valid, replaced or revoked."""
    try:
        state = clients().roster.verified(code)
    except Problem as problem:
        if problem.status != NOT_FOUND:
            raise
        state = UNKNOWN
    page = render_template("pages/verify.html", state=state)
    return page, NOT_FOUND if state == UNKNOWN else 200


def pdf(records: list[Record]) -> Response:
    """Sheets as an answer; named by the number, never by the person."""
    name = records[0].number if len(records) == 1 else f"{records[0].number}-{len(records)}"
    headers = {
        "Content-Disposition": f'inline; filename="service-record-{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(sheets(records), mimetype="application/pdf", headers=headers)
