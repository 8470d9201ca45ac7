"""Reads of safety tests: the limits that hold now and held before, who may test, a ticket's tests."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.safety import SafetyLimit, SafetyTest
from services.booking.models.skill import VolunteerSkills
from services.booking.models.ticket import Ticket


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


def last_instrument(session: Session, session_id: str, person_id: str) -> dict[str, str] | None:
    """Return what somebody (else anybody in this session) measured with last: nobody types it twice."""
    newest = select(SafetyTest).order_by(SafetyTest.recorded_at.desc()).limit(1)
    here = select(Ticket.id).where(Ticket.session_id == session_id)
    row = (
        session.scalars(newest.where(SafetyTest.tester_id == person_id)).first()
        or session.scalars(newest.where(SafetyTest.ticket_id.in_(here))).first()
    )
    return {"name": row.instrument, "serial": row.instrument_serial} if row else None
