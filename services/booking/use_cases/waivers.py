"""The waiver: a text with versions that people agree to before they book."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.policy import Waiver, WaiverAccepted
from services.booking.models.session import ServiceSession
from shared.database import insert_if_absent, suite_time


def version_of(session: Session, offering_id: str, text: dict[str, str] | None) -> int | None:
    """Return the version that has this text: the newest where it is the same, else a new one."""
    if text is None or not text["zh"]:
        return None
    mine = select(Waiver).where(Waiver.offering_id == offering_id)
    newest = session.scalars(mine.order_by(Waiver.version.desc()).limit(1)).one_or_none()
    if newest is not None and newest.text == text:
        return newest.version
    version = (newest.version if newest else 0) + 1
    at = suite_time(session)
    session.add(Waiver(offering_id=offering_id, version=version, text=text, created_at=at))
    session.flush()
    return version


def text_of(session: Session, offering_id: str, version: int | None) -> dict[str, str] | None:
    """Return the text of a version."""
    if version is None:
        return None
    return session.get_one(Waiver, (offering_id, version)).text


def accepted(session: Session, offering_id: str, version: int | None, person_id: str) -> bool:
    """Tell whether somebody has agreed to a version."""
    if version is None:
        return True
    return session.get(WaiverAccepted, (person_id, offering_id, version)) is not None


def agree(
    session: Session, row: ServiceSession, person_id: str, version: int | None, *, staff: bool
) -> int | None:
    """Record what somebody agrees to and return it; refuse to book without the version that holds.

    Staff may book for somebody who agrees later; then nothing is recorded.
    """
    wanted = row.waiver_version
    if wanted is None:
        return None
    if version is not None and version != wanted:
        raise errors.WaiverChanged
    if version == wanted:
        values = {"person_id": person_id, "offering_id": row.offering_id, "version": wanted}
        values_at = values | {"accepted_at": suite_time(session)}
        insert_if_absent(session, WaiverAccepted, values_at, key=list(values))
        return wanted
    if accepted(session, row.offering_id, wanted, person_id):
        return wanted
    if staff:
        return None
    raise errors.WaiverNeeded(
        fields={"waiver_version": (errors.WaiverNeeded.zh, errors.WaiverNeeded.en)}
    )
