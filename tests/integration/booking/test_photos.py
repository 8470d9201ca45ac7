"""Photos: re-encoded, bounded, shown to their owner and staff only, purged."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update
from werkzeug.test import TestResponse

from services.booking.models.photo import Photo
from services.booking.use_cases.photos import purge_photos
from shared.clock import now
from shared.ids import new_id
from tests.integration.booking.build import kettle, repair
from tests.support.clients import ApiClient
from tests.support.services import Service


@pytest.fixture
def booking(any_service: Callable[[str], Service]) -> Service:
    return any_service("booking")


def picture(size: tuple[int, int] = (2000, 1000), kind: str = "JPEG") -> bytes:
    target = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", size, "orange").save(target, kind, exif=exif)
    return target.getvalue()


def upload(client: ApiClient, content: bytes, key: str | None = None) -> TestResponse:
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="IMG_0001.jpg"\r\n\r\n'
    data = head + content + b"\r\n--b--\r\n"
    return client.call(
        "POST", "/photos", data=data, key=key, content_type="multipart/form-data; boundary=b"
    )


def test_a_photo_is_kept_small_and_without_what_the_camera_wrote(booking: Service) -> None:
    student = booking.as_("student")

    kept = upload(student, picture())
    shown = student.get(f"/photos/{kept.json['id']}")

    assert (kept.status_code, kept.json["width"], kept.json["height"]) == (201, 1600, 800)
    assert shown.mimetype == "image/jpeg"
    assert b"SecretCamera" not in shown.data
    assert not Image.open(BytesIO(shown.data)).getexif()


def test_png_with_transparency_becomes_a_picture_on_white(booking: Service) -> None:
    target = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    student = booking.as_("student")

    kept = upload(student, target.getvalue())
    shown = student.get(f"/photos/{kept.json['id']}")

    assert Image.open(BytesIO(shown.data)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", picture()[:900]])
def test_what_is_no_picture_is_refused_kindly(booking: Service, content: bytes) -> None:
    refused = upload(booking.as_("student"), content)

    assert (refused.status_code, refused.json["code"]) == (422, "photo_unreadable")


def test_too_many_pixels_are_refused_before_they_are_decoded(booking: Service) -> None:
    target = BytesIO()
    Image.new("1", (8000, 6000)).save(target, "PNG")

    refused = upload(booking.as_("student"), target.getvalue())

    assert len(target.getvalue()) < 100_000
    assert (refused.status_code, refused.json["code"]) == (413, "photo_too_large")


def test_too_many_bytes_are_refused(booking: Service) -> None:
    big, bigger = b"x" * (12 * 1024 * 1024 + 1), b"x" * (14 * 1024 * 1024)

    answers = [upload(booking.as_("student"), content) for content in (big, bigger)]

    assert [answer.status_code for answer in answers] == [413, 413]


def test_a_photo_is_shown_to_its_owner_and_staff_only(booking: Service) -> None:
    kept = upload(booking.as_("student"), picture((20, 20))).json
    path = f"/photos/{kept['id']}"

    statuses = [
        booking.as_("coordinator").get(path).status_code,
        booking.as_("student").get(path).status_code,
        booking.client().get(path).status_code,
    ]

    assert statuses == [200, 404, 401]


def test_a_booking_keeps_its_photos_and_the_rest_goes(booking: Service) -> None:
    student = booking.as_("student")
    used, unused = [upload(student, picture((20, 20))).json["id"] for _ in range(2)]
    told = repair(booking)
    booked = student.post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle(photo_id=used)]}
    )
    with booking.database.transaction() as session:
        old = update(Photo).where(Photo.id == unused)
        session.execute(old.values(purge_after=now() - timedelta(seconds=1)))

    hidden = student.get(f"/photos/{unused}").status_code
    purged = purge_photos(booking.database, booking.settings.photo_folder)

    assert booked.status_code == 201, booked.json
    assert (hidden, purged) == (404, 1)
    assert [path.stem for path in booking.settings.photo_folder.iterdir()] == [used]
    with booking.database.reading() as session:
        kept = session.get_one(Photo, used)
        assert kept.purge_after > now() + timedelta(days=80)


def test_somebody_elses_photo_cannot_be_attached(booking: Service) -> None:
    photo = upload(booking.as_("student"), picture((20, 20))).json["id"]
    told = repair(booking)

    refused = booking.as_("student").post(
        "/appointments", {"slot_id": told.slots()[0]["id"], "devices": [kettle(photo_id=photo)]}
    )

    assert (refused.status_code, refused.json["code"]) == (422, "photo_missing")


def test_the_volunteer_of_the_session_sees_what_is_coming(booking: Service) -> None:
    student, helper, other = (booking.as_(role) for role in ("student", "volunteer", "volunteer"))
    photo = upload(student, picture((20, 20))).json["id"]
    told = repair(booking)
    wish = {"slot_id": told.slots()[0]["id"], "devices": [kettle(photo_id=photo)]}
    student.post("/appointments", wish)
    assert helper.person is not None
    shift = {
        "assignment_id": new_id(),
        "session_id": told.id,
        "person_id": helper.person.id,
        "state": "accepted",
    }

    booking.deliver("shift.accepted.v1", shift["assignment_id"], 1, shift)

    seen = [client.get(f"/photos/{photo}").status_code for client in (helper, other)]
    assert seen == [200, 404]
