"""Photos of devices: decoded with care, re-encoded without what a camera writes along, purged.

Re-encoding keeps pixels only: EXIF (with its place and time), colour profiles and whatever hides
behind the picture's end are gone.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.photo import Photo
from services.booking.models.ticket import Ticket
from services.booking.queries.visits import helps
from shared.database import Database, suite_time
from shared.errors import NotFound
from shared.ids import new_id

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # an MPO file opens as the JPEG it is
UNUSED = timedelta(days=1)


def keep_photo(session: Session, folder: Path, owner_id: str, file: BinaryIO) -> Photo:
    """Re-encode a picture and keep it for a day; a booking that names it keeps it longer."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise errors.PhotoTooLarge
    encoded, width, height = _reencoded(content)
    at = suite_time(session)
    photo = Photo(
        id=new_id(),
        owner_id=owner_id,
        width=width,
        height=height,
        size=len(encoded),
        created_at=at,
        purge_after=at + UNUSED,
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path_of(folder, photo.id).write_bytes(encoded)
    session.add(photo)
    session.flush()
    return photo


def readable_photo(session: Session, id: str, actor_id: str, *, staff: bool) -> Photo:
    """Return a photo to its owner, to staff, and to who helps in the session it was taken for.

    To everybody else, and after its time, there is none.
    """
    photo = session.get(Photo, id)
    if photo is None:
        raise NotFound
    if not (staff or photo.owner_id == actor_id or _helps_with(session, id, actor_id)):
        raise NotFound
    if photo.purge_after <= suite_time(session):
        raise NotFound
    return photo


def purge_photos(database: Database, folder: Path) -> int:
    """Remove the photos whose time is over, file first; return how many."""
    with database.reading() as session:
        over = select(Photo.id).where(Photo.purge_after <= suite_time(session)).limit(500)
        ids = list(session.scalars(over))
    for id in ids:
        path_of(folder, id).unlink(missing_ok=True)
    if ids:
        with database.transaction() as session:
            session.execute(delete(Photo).where(Photo.id.in_(ids)))
    return len(ids)


def content_of(folder: Path, photo: Photo) -> bytes:
    """Return the JPEG of a photo."""
    try:
        return path_of(folder, photo.id).read_bytes()
    except FileNotFoundError as problem:
        raise NotFound from problem


def path_of(folder: Path, id: str) -> Path:
    """Return where the file of photo `id` lies."""
    return folder / f"{id}.jpg"


def _helps_with(session: Session, photo_id: str, person_id: str) -> bool:
    devices = select(Ticket.session_id).where(Ticket.photo_id == photo_id)
    return any(helps(session, one, person_id) for one in session.scalars(devices).all())


def _reencoded(content: bytes) -> tuple[bytes, int, int]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:  # known before a pixel is decoded
                raise errors.PhotoTooLarge
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = Image.new("RGB", upright.size, "white")
            coloured = upright.convert("RGBA")
            plain.paste(coloured, mask=coloured.getchannel("A"))
    except Image.DecompressionBombError as problem:
        raise errors.PhotoTooLarge from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        raise errors.PhotoUnreadable from problem
    target = BytesIO()
    plain.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue(), plain.width, plain.height
