"""Booking's copies of roster: who helps in which session, and what they are skilled to do."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.booking.models.helper import Helper
from services.booking.models.skill import VolunteerSkills
from shared.database import upsert_by_version


def take_helper(session: Session, id: str, version: int, values: dict[str, Any]) -> bool:
    """Keep what roster says of one assignment; return whether it was news."""
    kept = {name: values[name] for name in ("session_id", "person_id", "state")}
    return upsert_by_version(session, Helper, id, version, kept)


def take_skills(session: Session, person_id: str, version: int, skills: list[str]) -> None:
    """Keep the skills that roster has granted to somebody."""
    values = {"skills": skills}
    upsert_by_version(session, VolunteerSkills, person_id, version, values, key="person_id")


def forget_person(session: Session, person_id: str) -> None:
    """Forget what an erased person was skilled to do."""
    session.execute(delete(VolunteerSkills).where(VolunteerSkills.person_id == person_id))
