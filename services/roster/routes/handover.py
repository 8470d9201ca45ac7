"""The table for the unit's own platform over HTTP: its layout, its lines."""

from typing import Any

from flask import Response

from services.roster.queries import handover as queries
from services.roster.schemas.handover import (
    LayoutFieldsSchema,
    LayoutSchema,
    LinesPage,
    LinesQuery,
)
from services.roster.use_cases import handover as use_cases
from services.roster.use_cases.records import check_stretch
from shared.auth import current_person
from shared.http import Blueprint, etag, expected_version, reading, reply, transaction

blueprint = Blueprint(
    "handover", __name__, description="交接表 · hours for the unit's own platform"
)
SHAPE = LayoutSchema()


@blueprint.route("/handover/layout")
@blueprint.response(200, LayoutSchema)
def get_layout() -> Response:
    """Show which columns the table has."""
    with reading() as session:
        found = queries.layout(session)
        return reply(SHAPE.dump(found), 200, etag(found.version))


@blueprint.route("/handover/layout", methods=["PUT"])
@blueprint.arguments(LayoutFieldsSchema)
@blueprint.response(200, LayoutSchema)
@blueprint.alt_response(412, description="somebody saved another layout first")
def put_layout(body: dict[str, Any]) -> Response:
    """Say which columns, in which order, under which headings (If-Match)."""
    expected = expected_version()
    with transaction() as session:
        saved = use_cases.save_layout(session, current_person().id, expected, body["columns"])
        return reply(SHAPE.dump(saved), 200, etag(saved.version))


@blueprint.route("/handover/lines")
@blueprint.arguments(LinesQuery, location="query")
@blueprint.response(200, LinesPage)
@blueprint.alt_response(422, description="the days do not fit")
def list_lines(query: dict[str, Any]) -> Any:
    """List what was served between two days, in the order of time, without trials."""
    with reading() as session:
        check_stretch(session, query["first"], query["last"])
        return queries.lines(session, **query)
