"""Who was told about a device that stays, over HTTP."""

from typing import Any

from services.notify.queries.custody import custody_news
from services.notify.schemas import CustodyNewsQuery, CustodyNewsSchema
from shared.http import Blueprint, locale, reading

blueprint = Blueprint("custody", __name__, description="寄存提醒 · Devices that stay")


@blueprint.route("/custody-news")
@blueprint.arguments(CustodyNewsQuery, location="query")
@blueprint.response(200, CustodyNewsSchema)
def get_news(query: dict[str, Any]) -> Any:
    """Return what was said about these devices, and what is still to be said."""
    ids = [id for id in query["custody_ids"].split(",") if id]
    with reading() as session:
        return {"items": custody_news(session, ids, locale())}
