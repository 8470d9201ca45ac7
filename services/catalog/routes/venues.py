"""The doors to venues."""

from typing import Any

from flask import Response

from services.catalog.models import Venue
from services.catalog.queries import catalog as queries
from services.catalog.schemas.catalog import (
    StateQuery,
    VenueFieldsSchema,
    VenuePage,
    VenueSchema,
)
from services.catalog.use_cases import venues as use_cases
from shared.auth import ANYONE, STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("venues", __name__, description="Places with benches or seats")
ACCESS: Access = {
    "venues.browse": ANYONE,
    "venues.show": ANYONE,
    "venues.add": STAFF,
    "venues.change": STAFF,
    "venues.archive": STAFF,
}


@BLUEPRINT.route("/venues", methods=["GET"])
@BLUEPRINT.arguments(StateQuery, location="query")
@BLUEPRINT.response(200, VenuePage)
def browse(query: dict[str, Any]) -> Any:
    """List venues."""
    with reading() as db:
        return queries.every(db, Venue, **query)


@BLUEPRINT.route("/venues", methods=["POST"])
@BLUEPRINT.arguments(VenueFieldsSchema)
@BLUEPRINT.response(201, VenueSchema)
def add(body: dict[str, Any]) -> Response:
    """Add a venue."""
    actor = current_person()
    return once(lambda db: use_cases.add_venue(db, actor.id, body), VenueSchema())


@BLUEPRINT.route("/venues/<id>", methods=["GET"])
@BLUEPRINT.response(200, VenueSchema)
def show(id: str) -> Response:
    """Show a venue."""
    with reading() as db:
        venue = queries.one(db, Venue, id)
    return reply(VenueSchema().dump(venue), 200, etag(venue.version))


@BLUEPRINT.route("/venues/<id>", methods=["PUT"])
@BLUEPRINT.arguments(VenueFieldsSchema)
@BLUEPRINT.response(200, VenueSchema)
def change(body: dict[str, Any], id: str) -> Response:
    """Change a venue (If-Match)."""
    expected = expected_version()
    with transaction() as db:
        venue = use_cases.change_venue(db, current_person().id, id, expected, body)
    return reply(VenueSchema().dump(venue), 200, etag(venue.version))


@BLUEPRINT.route("/venues/<id>/archive", methods=["POST"])
@BLUEPRINT.response(200, VenueSchema)
def archive(id: str) -> Response:
    """Offer a venue no longer for new sessions."""
    actor = current_person()
    return once(lambda db: use_cases.archive_venue(db, actor.id, id), VenueSchema(), 200)
