"""Photos over HTTP: upload one, look at one's own."""

from typing import Any
from uuid import UUID

from flask import Response

from services.booking.schemas.photos import PhotoSchema, PhotoUpload
from services.booking.use_cases import photos as use_cases
from shared.auth import SIGNED_IN, current_person
from shared.http import Blueprint, once, reading, settings_of_app, transaction
from shared.rate_limit import spend

BLUEPRINT = Blueprint("photos", __name__, description="Photos of devices")
ACCESS = {"photos.upload": SIGNED_IN, "photos.show": SIGNED_IN}
SHAPE = PhotoSchema()


@BLUEPRINT.post("/photos")
@BLUEPRINT.arguments(PhotoUpload, location="files", content_type="multipart/form-data")
@BLUEPRINT.response(201, PhotoSchema)
def upload(given: dict[str, Any]) -> Response:
    """Keep a photo: re-encoded, without what the camera wrote along; at most 12 MB and 40 MP."""
    person = current_person()
    with transaction() as session:
        spend(session, "booking.photo", person.id, capacity=30, per_seconds=3600)
    folder = settings_of_app().photo_folder
    return once(lambda s: use_cases.keep_photo(s, folder, person.id, given["photo"].stream), SHAPE)


@BLUEPRINT.get("/photos/<uuid:id>")
@BLUEPRINT.response(200, content_type="image/jpeg")
def show(id: UUID) -> Response:
    """Show a photo to its owner, to staff and to who helps in its session."""
    person = current_person()
    with reading() as session:
        photo = use_cases.readable_photo(session, str(id), person.id, staff=person.is_staff)
    content = use_cases.content_of(settings_of_app().photo_folder, photo)
    headers = {"Cache-Control": "private, no-store"}
    return Response(content, content_type="image/jpeg", headers=headers)
