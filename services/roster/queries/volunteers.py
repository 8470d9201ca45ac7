"""Reads of volunteers and skills."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.roster.models import Skill, Volunteer, VolunteerSkill
from shared.pagination import Page, page


@dataclass(frozen=True)
class VolunteerView:
    """A person as the roster knows them, with the codes of the granted skills."""

    person_id: str
    active: bool
    skills: list[str] = field(default_factory=list)


def all_skills(session: Session) -> list[Skill]:
    """Return every skill, by code."""
    return list(session.scalars(select(Skill).order_by(Skill.code)))


def skill_titles(session: Session) -> dict[str, dict[str, str]]:
    """Return the title of every skill by its code."""
    return {skill.code: skill.title for skill in all_skills(session)}


def skills_of(session: Session, person_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the skill codes of several people in one read."""
    rows = session.execute(
        select(VolunteerSkill.person_id, VolunteerSkill.skill)
        .where(VolunteerSkill.person_id.in_(list(person_ids)))
        .order_by(VolunteerSkill.skill)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.skill)
    return found


def volunteer(session: Session, person_id: str) -> VolunteerView | None:
    """Return one person with skills, None where the roster has not heard of them."""
    row = session.get(Volunteer, person_id, populate_existing=True)
    if row is None:
        return None
    return VolunteerView(person_id, row.active, skills_of(session, [person_id])[person_id])


def active_volunteers(
    session: Session, *, skill: str | None, cursor: str | None, limit: int
) -> Page:
    """Return one page of the people who may take shifts, by id; ``skill`` narrows it."""
    statement = select(Volunteer).where(Volunteer.active)
    if skill:
        granted = exists().where(
            VolunteerSkill.person_id == Volunteer.person_id, VolunteerSkill.skill == skill
        )
        statement = statement.where(granted)
    found = page(session, statement, [Volunteer.person_id], cursor, limit)
    skills = skills_of(session, [row.person_id for row in found.items])
    views = [VolunteerView(row.person_id, row.active, skills[row.person_id]) for row in found.items]
    return Page(views, found.next_cursor)
