"""What came of it all, over HTTP."""

from typing import Any

from flask import Response, request

from services.booking.queries import impact
from services.booking.routes.records import wanted
from services.booking.schemas.impact import ImpactQuery, ImpactSchema
from shared.auth import ANYONE
from shared.http import Blueprint, reading, reply

BLUEPRINT = Blueprint("impact", __name__, description="What came of it all")
ACCESS = {"impact.figures": ANYONE}
SHAPE = ImpactSchema()
FRESH_SECONDS = 60  # anybody may ask, and it is the same for all


@BLUEPRINT.get("/impact")
@BLUEPRINT.arguments(ImpactQuery, location="query")
@BLUEPRINT.response(200, ImpactSchema)
def figures(given: dict[str, Any]) -> Response:
    """Say what was fixed, of what kind, how heavy, for how many people; trials do not count."""
    source = given.pop("source")
    with reading() as session:
        found = impact.impact(session, wanted(given), source)
    response = reply(SHAPE.dump(found))
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response
