"""Where people can be reached, and what they want by mail."""

from typing import Any

from services.notify.queries.deliveries import contact, preferences
from services.notify.schemas import ContactSchema, PreferencesSchema
from services.notify.use_cases import people
from shared.auth import FRONT, current_person
from shared.errors import NotFound
from shared.http import Blueprint, reading, transaction

blueprint = Blueprint("contacts", __name__, description="联系方式与偏好 · Contacts and wishes")


@blueprint.route("/contacts/<person_id>", methods=["PUT"])
@blueprint.arguments(ContactSchema)
@blueprint.response(200, ContactSchema)
@blueprint.alt_response(404, description="Somebody else's contact")
@blueprint.alt_response(409, description="The person has left")
def put_contact(given: dict[str, Any], person_id: str) -> Any:
    """Keep where a person can be reached (oneself, staff, or the front); idempotent."""
    asking = current_person()
    if person_id != asking.id and not asking.is_staff and not asking.has(FRONT):
        raise NotFound
    with transaction() as session:
        return people.put_contact(session, person_id, given["email"], given["locale"])


@blueprint.route("/contacts/me")
@blueprint.response(200, ContactSchema)
def get_my_contact() -> Any:
    """Return where the caller can be reached."""
    asking = current_person()
    with reading() as session:
        known = contact(session, asking.id)
    return known or {"person_id": asking.id, "email": None, "locale": "zh"}


@blueprint.route("/preferences")
@blueprint.response(200, PreferencesSchema)
def get_preferences() -> Any:
    """Return which kinds of news the caller wants by mail."""
    with reading() as session:
        return {"mail": preferences(session, current_person().id)}


@blueprint.route("/preferences", methods=["PUT"])
@blueprint.arguments(PreferencesSchema)
@blueprint.response(200, PreferencesSchema)
def put_preferences(given: dict[str, Any]) -> Any:
    """Keep which kinds of news the caller wants by mail."""
    asking = current_person()
    with transaction() as session:
        people.set_preferences(session, asking.id, given["mail"])
        return {"mail": preferences(session, asking.id)}
