"""From a training to a skill: what was attended and completed, and the practical sign-off by somebody senior."""

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.roster.errors import NotOneself, NotYoursToSign
from services.roster.models import (
    SignOff,
    Skill,
    TrainingCompleted,
    TrainingDone,
    Volunteer,
    VolunteerSkill,
)
from services.roster.models.skill import LEARNING, NO_PROOF, SENIOR
from services.roster.models.volunteer import ACTIVE, ERASED
from services.roster.queries.volunteers import grants_of
from services.roster.use_cases.skills import enter_skills, listed, take_away, told, write_grant
from shared import audit
from shared.database import insert_if_absent, suite_time, upsert_by_version
from shared.ids import new_id

BY_TRAINING = "training"


def sign_off(
    session: Session,
    person_id: str,
    code: str,
    *,
    level: int,
    passed: bool,
    note: str,
    actor: str,
    staff: bool,
) -> SignOff:
    """Note what somebody saw of a volunteer's work; where it was enough, grant the skill.

    A level that is held already is never lowered by it, only confirmed anew. Raises
    ``NotOneself``, ``NotYoursToSign``, ``NoSuchVolunteer``, ``UnknownSkill``.
    """
    if actor == person_id:
        raise NotOneself
    had = enter_skills(session, person_id)
    skill, at = listed(session, {code})[code], suite_time(session)
    if not staff:
        mine = grants_of(session, actor).get(code)
        senior = mine is not None and mine.holds(at) and mine.level >= SENIOR
        if not senior or level >= SENIOR:
            raise NotYoursToSign
    row: dict[str, Any] = {"id": new_id(), "person_id": person_id, "skill": code, "note": note}
    act = {"level": level, "passed": passed, "signed_by": actor, "signed_at": at}
    session.execute(insert(SignOff).values(**row, **act))
    audit.record(session, actor, "skill.signed_off", row["id"])
    if passed:
        held = grants_of(session, person_id).get(code)
        best = max(level, held.level) if held and held.holds(at) else level
        write_grant(session, person_id, skill, level=best, actor=actor)
        told(session, person_id, had)
    return session.get_one(SignOff, row["id"])


def note_training(
    session: Session,
    enrolment_id: str,
    version: int,
    *,
    person_id: str,
    session_id: str,
    state: str,
) -> None:
    """Keep whether somebody attended a training; what it leads to waits until it is completed."""
    if _erased(session, person_id):
        return
    values = {
        "person_id": person_id,
        "session_id": session_id,
        "attended": state == "attended",
        "heard_at": suite_time(session),
    }
    upsert_by_version(session, TrainingDone, enrolment_id, version, values)


def note_completion(
    session: Session,
    enrolment_id: str,
    version: int,
    *,
    person_id: str,
    session_id: str,
    offering_id: str,
    state: str,
) -> None:
    """Keep whether somebody completed a training; where nothing else is asked for, grant its skills.

    The role volunteer is not needed: who is trained first and becomes one later has the skill then.
    What was known as completed grants nothing a second time. Where it is taken back, so is a skill
    that rests on this training alone.
    """
    if _erased(session, person_id):
        return
    known = session.get(TrainingCompleted, enrolment_id)
    before = known is not None and known.completed
    completed = state == "completed"
    values = {
        "person_id": person_id,
        "session_id": session_id,
        "offering_id": offering_id,
        "completed": completed,
        "heard_at": suite_time(session),
    }
    taken = upsert_by_version(session, TrainingCompleted, enrolment_id, version, values)
    if not taken or completed == before:
        return
    if completed:
        _grant_learned(session, person_id, offering_id)
    else:
        _take_back_learned(session, person_id, offering_id)


def _erased(session: Session, person_id: str) -> bool:
    known = session.get(Volunteer, person_id)
    return known is not None and known.state == ERASED


def _grant_learned(session: Session, person_id: str, offering_id: str) -> None:
    leads_to = select(Skill).where(Skill.offering_id == offering_id, Skill.proof == NO_PROOF)
    skills = session.scalars(leads_to.order_by(Skill.code)).all()
    if not skills:
        return
    unknown = {"person_id": person_id, "version": 0, "active": False, "state": ACTIVE}
    insert_if_absent(session, Volunteer, unknown, key=["person_id"])
    had = enter_skills(session, person_id)
    for skill in skills:
        if skill.code not in had:
            write_grant(session, person_id, skill, level=LEARNING, actor=BY_TRAINING)
    told(session, person_id, had)


def _take_back_learned(session: Session, person_id: str, offering_id: str) -> None:
    """Take the skills away that only this training gave and nobody confirmed since."""
    another = select(TrainingCompleted.id).where(
        TrainingCompleted.person_id == person_id,
        TrainingCompleted.offering_id == offering_id,
        TrainingCompleted.completed,
    )
    rest_on_it = (
        select(VolunteerSkill.skill)
        .join(Skill, Skill.code == VolunteerSkill.skill)
        .where(VolunteerSkill.person_id == person_id, VolunteerSkill.granted_by == BY_TRAINING)
        .where(Skill.offering_id == offering_id)
    )
    codes = set(session.scalars(rest_on_it))
    if not codes or session.scalars(another.limit(1)).first() is not None:
        return
    had = enter_skills(session, person_id)
    take_away(session, person_id, codes)
    audit.record(session, BY_TRAINING, "skill.revoked", person_id)
    told(session, person_id, had)
