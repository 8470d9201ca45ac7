"""What came of it all, over HTTP."""

from typing import Any

from services.booking.queries import impact
from services.booking.routes.records import wanted
from services.booking.schemas.impact import ImpactQuery, ImpactSchema
from shared.auth import ANYONE
from shared.http import Blueprint, reading

BLUEPRINT = Blueprint("impact", __name__, description="What came of it all")
ACCESS = {"impact.figures": ANYONE}


@BLUEPRINT.get("/impact")
@BLUEPRINT.arguments(ImpactQuery, location="query")
@BLUEPRINT.response(200, ImpactSchema)
def figures(given: dict[str, Any]) -> Any:
    """Say what was fixed, of what kind, how heavy, for how many people; trials do not count."""
    source = given.pop("source")
    with reading() as session:
        return impact.impact(session, wanted(given), source)
