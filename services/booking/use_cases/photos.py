"""Photos of devices: decoded with care, re-encoded without what a camera writes along, purged.

Re-encoding keeps pixels only: EXIF (with its place and time), colour profiles and whatever hides
behind the picture's end are gone.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from services.booking import errors
from services.booking.models.custody import HELD, Custody
from services.booking.models.photo import Photo
from services.booking.models.ticket import Ticket
from services.booking.queries.custody import works_now
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
    mine = photo.owner_id == actor_id or _is_of(session, photo, actor_id)
    if not (staff or mine or _helps_with(session, photo, actor_id)):
        raise NotFound
    if photo.purge_after <= suite_time(session) and not session.scalar(select(_still_needed(id))):
        raise NotFound
    return photo


def purge_photos(database: Database, folder: Path) -> int:
    """Remove the photos whose time is over, file first; return how many.

    The photos of a device that is kept here stay as long as the device.
    """
    with database.reading() as session:
        over = (Photo.purge_after <= suite_time(session)) & ~_still_needed(Photo.id)
        ids = list(session.scalars(select(Photo.id).where(over).limit(500)))
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


def _helps_with(session: Session, photo: Photo, person_id: str) -> bool:
    kept = select(Custody.ticket_id).where(Custody.id == photo.custody_id)
    shown = (Ticket.photo_id == photo.id) | Ticket.id.in_(kept)
    devices = session.scalars(select(Ticket.session_id).where(shown)).all()
    if any(helps(session, one, person_id) for one in devices):
        return True
    return photo.custody_id is not None and works_now(session, person_id)


def _is_of(session: Session, photo: Photo, person_id: str) -> bool:
    """Tell whether it shows the state of a device that this person left here."""
    kept = exists().where(Custody.id == photo.custody_id, Custody.ticket_id == Ticket.id)
    return bool(session.scalar(select(kept.where(Ticket.person_id == person_id))))


def _still_needed(photo_id: Any) -> Any:
    photo = aliased(Photo)
    mine = (photo.id == photo_id) & (photo.custody_id == Custody.id)
    return exists().where(mine, Custody.state.in_(HELD))


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
