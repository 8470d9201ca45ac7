"""Reads of safety tests: the limits that hold now and held before, who may test, a ticket's tests."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.safety import SafetyLimit, SafetyTest
from services.booking.models.skill import VolunteerSkills


def newest(session: Session) -> int:
    """Return the version of the limits that hold now."""
    return int(session.scalar(select(func.max(SafetyLimit.version))) or 0)


def limits(session: Session) -> dict[str, SafetyLimit]:
    """Return the limits that hold now, by protection class."""
    now = select(SafetyLimit).where(SafetyLimit.version == newest(session))
    return {row.protection_class: row for row in session.scalars(now)}


def every_version(session: Session) -> list[list[SafetyLimit]]:
    """Return all versions of the limits, the newest first, each with its classes I, II, III."""
    order = (SafetyLimit.version.desc(), SafetyLimit.protection_class)
    found: dict[int, list[SafetyLimit]] = {}
    for row in session.scalars(select(SafetyLimit).order_by(*order)):
        found.setdefault(row.version, []).append(row)
    return list(found.values())


def has_skill(session: Session, person_id: str, skill: str) -> bool:
    """Tell whether roster has granted somebody a skill."""
    row = session.get(VolunteerSkills, person_id)
    return row is not None and skill in row.skills


def tests_of(session: Session, ticket_id: str) -> list[SafetyTest]:
    """Return the safety tests of a device, the newest first."""
    mine = select(SafetyTest).where(SafetyTest.ticket_id == ticket_id)
    return list(session.scalars(mine.order_by(SafetyTest.number.desc())))


def last_instrument(session: Session, person_id: str) -> dict[str, str] | None:
    """Return the instrument that somebody measured with last, so that nobody types it twice."""
    theirs = select(SafetyTest).where(SafetyTest.tester_id == person_id)
    row = session.scalars(theirs.order_by(SafetyTest.recorded_at.desc()).limit(1)).first()
    return {"name": row.instrument, "serial": row.instrument_serial} if row else None
