"""The doors to offerings."""

from typing import Any

from flask import Response

from services.catalog.models import Offering
from services.catalog.queries import catalog as queries
from services.catalog.schemas.catalog import (
    OfferingFieldsSchema,
    OfferingPage,
    OfferingQuery,
    OfferingSchema,
)
from services.catalog.use_cases import offerings as use_cases
from shared.auth import ANYONE, STAFF, Access, current_person
from shared.http import Blueprint, etag, expected_version, once, reading, reply, transaction

BLUEPRINT = Blueprint("offerings", __name__, description="What people can book or serve at")
ACCESS: Access = {
    "offerings.browse": ANYONE,
    "offerings.show": ANYONE,
    "offerings.add": STAFF,
    "offerings.change": STAFF,
    "offerings.archive": STAFF,
}


@BLUEPRINT.route("/offerings", methods=["GET"])
@BLUEPRINT.arguments(OfferingQuery, location="query")
@BLUEPRINT.response(200, OfferingPage)
def browse(query: dict[str, Any]) -> Any:
    """List offerings."""
    with reading() as db:
        return queries.every(db, Offering, **query)


@BLUEPRINT.route("/offerings", methods=["POST"])
@BLUEPRINT.arguments(OfferingFieldsSchema)
@BLUEPRINT.response(201, OfferingSchema)
def add(body: dict[str, Any]) -> Response:
    """Add an offering."""
    actor = current_person()
    return once(lambda db: use_cases.add_offering(db, actor.id, body), OfferingSchema())


@BLUEPRINT.route("/offerings/<id>", methods=["GET"])
@BLUEPRINT.response(200, OfferingSchema)
def show(id: str) -> Response:
    """Show an offering."""
    with reading() as db:
        offering = queries.one(db, Offering, id)
    return reply(OfferingSchema().dump(offering), 200, etag(offering.version))


@BLUEPRINT.route("/offerings/<id>", methods=["PUT"])
@BLUEPRINT.arguments(OfferingFieldsSchema)
@BLUEPRINT.response(200, OfferingSchema)
def change(body: dict[str, Any], id: str) -> Response:
    """Change an offering (If-Match)."""
    expected = expected_version()
    with transaction() as db:
        offering = use_cases.change_offering(db, current_person().id, id, expected, body)
    return reply(OfferingSchema().dump(offering), 200, etag(offering.version))


@BLUEPRINT.route("/offerings/<id>/archive", methods=["POST"])
@BLUEPRINT.response(200, OfferingSchema)
def archive(id: str) -> Response:
    """Offer an offering no longer for new sessions."""
    actor = current_person()
    return once(lambda db: use_cases.archive_offering(db, actor.id, id), OfferingSchema(), 200)
