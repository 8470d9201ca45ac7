"""Reads of volunteers and skills: who may take shifts, what they can do, how long it still counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models import Hours, Profile, Skill, Volunteer, VolunteerSkill
from shared.database import suite_now
from shared.pagination import Page, page


@dataclass(frozen=True)
class VolunteerView:
    """A person as the roster knows them: the codes of the skills that count, and each grant.

    ``minutes`` and ``shifts`` are what was really served, trials left out.
    """

    person_id: str
    active: bool
    skills: list[str] = field(default_factory=list)
    grants: Sequence[VolunteerSkill] = ()
    newcomer: bool = True
    minutes: int = 0
    shifts: int = 0


@dataclass(frozen=True)
class Wanted:
    """Which volunteers are looked for; None means that it does not matter."""

    skill: str | None = None
    expires_before: datetime | None = None
    newcomer: bool | None = None
    people: Sequence[str] | None = None


def all_skills(session: Session) -> list[Skill]:
    """Return every skill, by code."""
    return list(session.scalars(select(Skill).order_by(Skill.code)))


def skill_titles(session: Session) -> dict[str, dict[str, str]]:
    """Return the title of every skill by its code."""
    return {skill.code: skill.title for skill in all_skills(session)}


def skills_of(session: Session, person_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the codes of the skills that count now, of several people in one read."""
    rows = session.execute(
        select(VolunteerSkill.person_id, VolunteerSkill.skill)
        .where(VolunteerSkill.person_id.in_(list(person_ids)), _holding())
        .order_by(VolunteerSkill.skill)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row.skill)
    return found


def grants_of(session: Session, person_id: str) -> dict[str, VolunteerSkill]:
    """Return the skills somebody was granted by their codes, also those that have expired."""
    return grants_of_all(session, [person_id])[person_id]


def grants_of_all(
    session: Session, people: Collection[str]
) -> dict[str, dict[str, VolunteerSkill]]:
    """Return the same of several people in one read."""
    found = _grants(session, people)
    return {person_id: {one.skill: one for one in found[person_id]} for person_id in people}


def volunteer(session: Session, person_id: str) -> VolunteerView | None:
    """Return one person with skills, None where the roster has not heard of them."""
    row = session.get(Volunteer, person_id, populate_existing=True)
    return None if row is None else _views(session, [row])[0]


def active_volunteers(session: Session, wanted: Wanted, *, cursor: str | None, limit: int) -> Page:
    """Return one page of the people who may take shifts, by id, as far as they are wanted."""
    statement = select(Volunteer).where(Volunteer.active)
    if wanted.people is not None:
        statement = statement.where(Volunteer.person_id.in_(wanted.people))
    if wanted.skill or wanted.expires_before:
        granted = exists().where(VolunteerSkill.person_id == Volunteer.person_id)
        if wanted.skill:
            granted = granted.where(VolunteerSkill.skill == wanted.skill)
        if wanted.expires_before:
            granted = granted.where(VolunteerSkill.expires_at <= wanted.expires_before)
        else:
            granted = granted.where(_holding())
        statement = statement.where(granted)
    if wanted.newcomer is not None:
        done = exists().where(
            Profile.person_id == Volunteer.person_id, Profile.experienced_at.is_not(None)
        )
        statement = statement.where(~done if wanted.newcomer else done)
    found = page(session, statement, [Volunteer.person_id], cursor, limit)
    return Page(_views(session, found.items), found.next_cursor)


def _views(session: Session, rows: Sequence[Volunteer]) -> list[VolunteerView]:
    ids = [row.person_id for row in rows]
    skills, grants = skills_of(session, ids), _grants(session, ids)
    experienced = set(
        session.scalars(
            select(Profile.person_id).where(
                Profile.person_id.in_(ids), Profile.experienced_at.is_not(None)
            )
        )
    )
    served = _served(session, ids)
    return [
        VolunteerView(
            row.person_id,
            row.active,
            skills[row.person_id],
            grants[row.person_id],
            row.person_id not in experienced,
            *served.get(row.person_id, (0, 0)),
        )
        for row in rows
    ]


def _grants(session: Session, person_ids: Iterable[str]) -> dict[str, list[VolunteerSkill]]:
    statement = (
        select(VolunteerSkill)
        .where(VolunteerSkill.person_id.in_(list(person_ids)))
        .order_by(VolunteerSkill.skill)
        .execution_options(populate_existing=True)
    )
    found: dict[str, list[VolunteerSkill]] = defaultdict(list)
    for one in session.scalars(statement):
        found[one.person_id].append(one)
    return found


def _served(session: Session, person_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        select(Hours.person_id, func.sum(Hours.minutes), func.count(Hours.assignment_id))
        .where(Hours.person_id.in_(list(person_ids)), ~Hours.trial)
        .group_by(Hours.person_id)
    ).tuples()
    return {person_id: (int(minutes), int(shifts)) for person_id, minutes, shifts in rows}


def _holding() -> ColumnElement[bool]:
    return or_(VolunteerSkill.expires_at.is_(None), VolunteerSkill.expires_at > suite_now())
