"""Who was told and who was not, sending again, and messages that the front asks for."""

from typing import Any

from services.notify.models import Delivery
from services.notify.models.delivery import STATES
from services.notify.queries import texts
from services.notify.queries.deliveries import counts, deliveries
from services.notify.schemas import (
    DeliveriesSchema,
    DeliveryQuery,
    DeliverySchema,
    EmptySchema,
    MessageSchema,
    MessageTakenSchema,
)
from services.notify.use_cases import messages
from shared.auth import current_person
from shared.http import Blueprint, locale, once, reading

blueprint = Blueprint("deliveries", __name__, description="送达 · Deliveries")


@blueprint.route("/deliveries")
@blueprint.arguments(DeliveryQuery, location="query")
@blueprint.response(200, DeliveriesSchema)
def get_deliveries(query: dict[str, Any]) -> Any:
    """Return who was told what, newest first: ``state=untold`` is who was not, and why."""
    with reading() as session:
        page = deliveries(session, **query)
        stand = dict.fromkeys(STATES, 0) | counts(session, query["session_id"])
    items = [_item(row, locale()) for row in page.items]
    return {"items": items, "next_cursor": page.next_cursor, "counts": stand}


@blueprint.route("/deliveries/<delivery_id>/send-again", methods=["POST"])
@blueprint.arguments(EmptySchema)
@blueprint.response(200, DeliverySchema)
@blueprint.alt_response(404, description="No such delivery")
@blueprint.alt_response(409, description="It has arrived or is on its way")
def send_again(given: dict[str, Any], delivery_id: str) -> Any:
    """Put a message that did not arrive back in line."""
    asking = current_person()

    def work(session: Any) -> dict[str, Any]:
        return _item(messages.send_again(session, asking.id, delivery_id), locale())

    return once(work, DeliverySchema(), status=200)


@blueprint.route("/messages", methods=["POST"])
@blueprint.arguments(MessageSchema)
@blueprint.response(202, MessageTakenSchema)
def post_message(given: dict[str, Any]) -> Any:
    """Send a named message by mail (the front only): ``password_reset`` with ``token``."""
    return once(lambda session: messages.send_message(session, **given), MessageTakenSchema(), 202)


def _item(row: Delivery, language: str) -> dict[str, Any]:
    names = (
        "id occasion template channel kind state reason answer attempts session_id "
        "created_at due_at next_at sent_at"
    )
    return {name: getattr(row, name) for name in names.split()} | {
        "person_id": row.recipient,
        "title": texts.subject(row.template, row.params, language),
        "reason_text": texts.reason(row.reason, language),
    }
