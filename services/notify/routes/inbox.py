"""What a person was told in the app, in the language they read it in."""

from pathlib import Path
from typing import Any

from services.notify.models import Delivery
from services.notify.queries import texts
from services.notify.queries.codes import with_code
from services.notify.queries.deliveries import inbox, unread
from services.notify.schemas import InboxSchema, ReadSchema, UnreadSchema
from services.notify.use_cases.people import mark_read
from shared.auth import current_person
from shared.http import Blueprint, locale, once, reading, settings_of_app
from shared.schemas import PageQuery

blueprint = Blueprint("inbox", __name__, description="站内消息 · The inbox")


@blueprint.route("/inbox")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, InboxSchema)
def get_inbox(query: dict[str, Any]) -> Any:
    """Return the caller's messages, newest first."""
    asking = current_person()
    with reading() as session:
        page = inbox(session, asking.id, query["cursor"], query["limit"])
        count = unread(session, asking.id)
    keys = settings_of_app().token_keys
    items = [_item(row, locale(), keys) for row in page.items]
    return {"items": items, "next_cursor": page.next_cursor, "unread": count}


@blueprint.route("/inbox/read", methods=["POST"])
@blueprint.arguments(ReadSchema)
@blueprint.response(200, UnreadSchema)
def read_inbox(given: dict[str, Any]) -> Any:
    """Mark messages as read."""
    asking = current_person()

    def work(session: Any) -> dict[str, int]:
        mark_read(session, asking.id, None if given["all"] else given["ids"])
        return {"unread": unread(session, asking.id)}

    return once(work, UnreadSchema(), status=200)


def _item(row: Delivery, language: str, keys: Path) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "title": texts.subject(row.template, row.params, language),
        "body": texts.body(row.template, with_code(row.params, keys), language),
        "link": row.params.get("link"),
        "created_at": row.sent_at or row.created_at,
        "read_at": row.read_at,
    }
