"""Naming skills and granting them to volunteers."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import NoSuchVolunteer, UnknownSkill
from services.roster.models import Skill, Volunteer, VolunteerSkill
from services.roster.models.volunteer import ERASED
from services.roster.queries.volunteers import VolunteerView, skills_of
from shared import audit
from shared.clock import now
from shared.database import insert_for, one_row

DEMO_SKILLS = {
    "appliance-repair": {"zh": "小家电维修", "en": "Small appliance repair"},
    "electrical_safety": {"zh": "电气安全检测", "en": "Electrical safety testing"},
    "teaching": {"zh": "技术培训", "en": "Technical training"},
    "reception": {"zh": "前台接待", "en": "Front desk"},
}


def put_skill(session: Session, code: str, title: dict[str, str], *, actor: str) -> Skill:
    """Create the skill ``code``, or give it another title."""
    statement = insert_for(session, Skill.__table__).values(code=code, title=title)
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_={"title": title}))
    audit.record(session, actor, "skill.put", code)
    return session.get_one(Skill, code, populate_existing=True)


def ensure_demo_skills(session: Session, *, actor: str) -> list[Skill]:
    """Put the skills that the demo's sessions ask for."""
    return [put_skill(session, code, title, actor=actor) for code, title in DEMO_SKILLS.items()]


def grant_skills(
    session: Session, person_id: str, skills: list[str], *, actor: str
) -> VolunteerView:
    """Let a volunteer have exactly these skills; shifts accepted before are kept.

    Raises ``NoSuchVolunteer`` for somebody the roster does not know, ``UnknownSkill`` for codes
    that are not on the list.
    """
    known = update(Volunteer).where(Volunteer.person_id == person_id, Volunteer.state != ERASED)
    locked = known.values(acts=Volunteer.acts + 1).execution_options(synchronize_session=False)
    one_row(session.execute(locked), NoSuchVolunteer())
    wanted = set(skills)
    listed = set(session.scalars(select(Skill.code).where(Skill.code.in_(wanted))))
    if wanted - listed:
        raise UnknownSkill(sorted(wanted - listed))
    had = set(skills_of(session, [person_id])[person_id])
    _revoke(session, person_id, had - wanted)
    _grant(session, person_id, wanted - had, actor)
    audit.record(session, actor, "skills.granted", person_id)
    row = session.get_one(Volunteer, person_id, populate_existing=True)
    if wanted != had:
        events.skills(session, person_id, row.acts, wanted, had)
    return VolunteerView(person_id, row.active, sorted(wanted))


def _grant(session: Session, person_id: str, skills: set[str], actor: str) -> None:
    for skill in sorted(skills):
        values = {"skill": skill, "granted_by": actor, "granted_at": now()}
        session.execute(insert(VolunteerSkill).values(person_id=person_id, **values))


def _revoke(session: Session, person_id: str, skills: set[str]) -> None:
    session.execute(
        delete(VolunteerSkill)
        .where(VolunteerSkill.person_id == person_id, VolunteerSkill.skill.in_(skills))
        .execution_options(synchronize_session=False)
    )
