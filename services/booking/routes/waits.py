"""How honest the waiting ranges were, over HTTP."""

from typing import Any

from services.booking.queries import wait_scores
from services.booking.schemas.waits import WaitScorePage, WaitScoreQuery
from shared.auth import STAFF
from shared.http import Blueprint, reading

BLUEPRINT = Blueprint("waits", __name__, description="How well told waiting ranges held")
ACCESS = {"waits.scores": STAFF}


@BLUEPRINT.get("/wait-scores")
@BLUEPRINT.arguments(WaitScoreQuery, location="query")
@BLUEPRINT.response(200, WaitScorePage)
def scores(given: dict[str, Any]) -> Any:
    """List sessions with the share of waits that ended inside the range that was told."""
    with reading() as session:
        return wait_scores.scores(
            session, given["from_"], given["to"], given["cursor"], given["limit"]
        )
