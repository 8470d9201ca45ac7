"""Naming skills, and letting volunteers have them: at a level, confirmed by somebody, until a day."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import ExpiryPast, NoSuchVolunteer, UnknownSkill
from services.roster.models import Skill, Volunteer, VolunteerSkill
from services.roster.models.skill import ABLE
from services.roster.models.volunteer import ERASED
from services.roster.queries.volunteers import VolunteerView, skills_of, volunteer
from shared import audit
from shared.database import insert_for, one_row, suite_time

DEMO_SKILLS = {
    "appliance-repair": {"zh": "小家电维修", "en": "Small appliance repair"},
    "electrical_safety": {"zh": "电气安全检测", "en": "Electrical safety testing"},
    "teaching": {"zh": "技术培训", "en": "Technical training"},
    "reception": {"zh": "前台接待", "en": "Front desk"},
}
LAPSED = "expiry"
_BLIND = {"synchronize_session": False}


def put_skill(
    session: Session, code: str, title: dict[str, str], *, actor: str, **rules: Any
) -> Skill:
    """Create the skill ``code``, or change its title and how somebody comes by it."""
    values = {"title": title, **rules}
    statement = insert_for(session, Skill.__table__).values(code=code, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
    audit.record(session, actor, "skill.put", code)
    return session.get_one(Skill, code, populate_existing=True)


def ensure_demo_skills(session: Session, *, actor: str) -> list[Skill]:
    """Put the skills that the demo's sessions ask for."""
    return [put_skill(session, code, title, actor=actor) for code, title in DEMO_SKILLS.items()]


def grant_skills(
    session: Session, person_id: str, skills: list[str], *, actor: str
) -> VolunteerView:
    """Let a volunteer have exactly these skills; shifts accepted before are kept.

    New ones are granted at level 2 for as long as the skill says. Raises ``NoSuchVolunteer`` for
    somebody the roster does not know, ``UnknownSkill`` for codes that are not on the list.
    """
    had = enter_skills(session, person_id)
    wanted = set(skills)
    known = listed(session, wanted)
    for code in sorted(wanted - had):
        write_grant(session, person_id, known[code], level=ABLE, actor=actor)
    take_away(session, person_id, had - wanted)
    audit.record(session, actor, "skills.granted", person_id)
    return told(session, person_id, had)


def set_skill(
    session: Session,
    person_id: str,
    code: str,
    *,
    level: int,
    expires_at: datetime | None,
    actor: str,
) -> VolunteerView:
    """Let a volunteer have one skill at a level until a moment (None: without end).

    Raises ``ExpiryPast`` for an end that lies behind, ``NoSuchVolunteer``, ``UnknownSkill``.
    """
    had = enter_skills(session, person_id)
    skill = listed(session, {code})[code]
    if expires_at is not None and expires_at <= suite_time(session):
        raise ExpiryPast
    write_grant(
        session, person_id, skill, level=level, actor=actor, expires_at=expires_at, own_end=True
    )
    audit.record(session, actor, "skill.set", person_id)
    return told(session, person_id, had)


def revoke_skill(session: Session, person_id: str, code: str, *, actor: str) -> VolunteerView:
    """Take a skill away; shifts accepted before are kept."""
    had = enter_skills(session, person_id)
    listed(session, {code})
    take_away(session, person_id, {code})
    audit.record(session, actor, "skill.revoked", person_id)
    return told(session, person_id, had)


def lapse_skills(session: Session, most: int = 100) -> int:
    """Announce the end of skills that have expired; return of how many volunteers.

    They count for nothing from their end on; this tells the others.
    """
    at = suite_time(session)
    over = select(VolunteerSkill.person_id).where(
        VolunteerSkill.expires_at <= at, ~VolunteerSkill.lapsed
    )
    people = session.scalars(over.distinct().order_by(VolunteerSkill.person_id).limit(most)).all()
    for person_id in people:
        held = enter_skills(session, person_id)
        ended = select(VolunteerSkill.skill).where(
            VolunteerSkill.person_id == person_id,
            VolunteerSkill.expires_at <= at,
            ~VolunteerSkill.lapsed,
        )
        codes = set(session.scalars(ended))
        session.execute(
            update(VolunteerSkill)
            .where(VolunteerSkill.person_id == person_id, VolunteerSkill.skill.in_(codes))
            .values(lapsed=True)
            .execution_options(**_BLIND)
        )
        audit.record(session, LAPSED, "skills.lapsed", person_id)
        told(session, person_id, held | codes)
    return len(people)


def enter_skills(session: Session, person_id: str) -> set[str]:
    """Lock a volunteer for a change of skills; return those that count now."""
    known = update(Volunteer).where(Volunteer.person_id == person_id, Volunteer.state != ERASED)
    locked = known.values(acts=Volunteer.acts + 1).execution_options(**_BLIND)
    one_row(session.execute(locked), NoSuchVolunteer())
    return set(skills_of(session, [person_id])[person_id])


def write_grant(
    session: Session,
    person_id: str,
    skill: Skill,
    *,
    level: int,
    actor: str,
    expires_at: datetime | None = None,
    own_end: bool = False,
) -> None:
    """Write a grant, confirmed now; it ends as the skill says unless an ``own_end`` is given."""
    at = suite_time(session)
    values = {
        "level": level,
        "granted_by": actor,
        "granted_at": at,
        "expires_at": expires_at if own_end else skill.holds_until(at),
        "lapsed": False,
    }
    statement = insert_for(session, VolunteerSkill.__table__).values(
        person_id=person_id, skill=skill.code, **values
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["person_id", "skill"], set_=values)
    )


def told(session: Session, person_id: str, had: set[str]) -> VolunteerView:
    """Announce the skills of an entered volunteer where they differ from those they ``had``."""
    held = set(skills_of(session, [person_id])[person_id])
    row = session.get_one(Volunteer, person_id, populate_existing=True)
    if held != had:
        events.skills(session, person_id, row.acts, held, had)
    known = volunteer(session, person_id)
    assert known is not None  # noqa: S101 - entered before
    return known


def listed(session: Session, codes: set[str]) -> dict[str, Skill]:
    """Return the skills of these codes; raise ``UnknownSkill`` where one is not on the list."""
    found = {one.code: one for one in session.scalars(select(Skill).where(Skill.code.in_(codes)))}
    if codes - set(found):
        raise UnknownSkill(sorted(codes - set(found)))
    return found


def take_away(session: Session, person_id: str, skills: set[str]) -> None:
    """Delete the grants of an entered volunteer; ``told`` announces it."""
    session.execute(
        delete(VolunteerSkill)
        .where(VolunteerSkill.person_id == person_id, VolunteerSkill.skill.in_(skills))
        .execution_options(**_BLIND)
    )
