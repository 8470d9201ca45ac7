"""The live ticket over HTTP: for its owner, for the desk, and for whoever holds its link."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.visit import Visit
from services.booking.queries import places as queries
from services.booking.routes.line import answer, holds_key, on_site, secret
from services.booking.schemas.visits import KeyQuery, PlaceSchema
from shared.auth import ANYONE, maybe_person
from shared.errors import NotFound
from shared.http import Blueprint, reading

BLUEPRINT = Blueprint("places", __name__, description="One live ticket")
ACCESS = {"places.place": ANYONE}
PLACE = PlaceSchema()


@BLUEPRINT.get("/places/<uuid:id>")
@BLUEPRINT.arguments(KeyQuery, location="query")
@BLUEPRINT.response(200, PlaceSchema)
def place(given: dict[str, Any], id: UUID) -> Response:
    """Show a place by the id of its appointment or its visit (owner, desk, or with its key)."""
    with reading() as session:
        appointment, visit = queries.found(session, str(id))
        key = given["key"]
        _refuse_strangers(session, appointment, visit, key)
        owner = _is_owner(appointment, visit, key)
        read = queries.place(session, appointment, visit, secret(), with_key=bool(key), owner=owner)
    return answer(PLACE.dump(queries.told(read)))


def _is_owner(appointment: Appointment | None, visit: Visit | None, key: str | None) -> bool:
    """Tell whether the devices belong to who is asking: by account, or by the key of the link."""
    person, place = maybe_person(), visit or appointment
    if visit is not None and holds_key(visit, key):
        return True
    return person is not None and place is not None and person.id == place.person_id


def _refuse_strangers(
    session: Session, appointment: Appointment | None, visit: Visit | None, key: str | None
) -> None:
    """To anybody but its owner, the desk and who holds its key there is no such place."""
    if visit is not None and holds_key(visit, key):
        return
    place = visit or appointment
    person = maybe_person()
    if person is None or place is None:
        raise NotFound
    if person.id != place.person_id:
        on_site(session, place.session_id)
