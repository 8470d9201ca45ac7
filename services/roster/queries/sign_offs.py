"""Reads of the way to a skill: trainings attended, sign-offs made, who waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from services.roster.models import (
    SessionCopy,
    SignOff,
    Skill,
    TrainingCompleted,
    TrainingDone,
    VolunteerSkill,
)
from services.roster.models.skill import PRACTICE
from services.roster.models.volunteer import Volunteer
from shared.database import suite_now

MOST = 200
Row = tuple[TrainingDone, SessionCopy, Skill, VolunteerSkill, TrainingCompleted]


@dataclass(frozen=True)
class Trained:
    """A training that somebody attended, and the skill that it leads to, if any."""

    person_id: str
    session_id: str
    session_title: dict[str, str]
    starts_at: datetime
    skill: str | None
    waits: bool
    completed: bool


def sign_offs_of(session: Session, person_id: str) -> Sequence[SignOff]:
    """Return the sign-offs of a volunteer, the newest first."""
    mine = select(SignOff).where(SignOff.person_id == person_id)
    return session.scalars(mine.order_by(SignOff.signed_at.desc(), SignOff.id).limit(MOST)).all()


def trainings_of(session: Session, person_id: str) -> list[Trained]:
    """Return the trainings that somebody attended, the newest first."""
    mine = _trained().where(TrainingDone.person_id == person_id)
    return _read(session, mine)


def waiting_for_sign_off(session: Session, skills: Sequence[str] | None = None) -> list[Trained]:
    """Return who completed a training and waits for a practical sign-off; of some skills only, or all."""
    waiting = _trained().where(
        Volunteer.active,
        Skill.proof == PRACTICE,
        VolunteerSkill.person_id.is_(None),
        TrainingCompleted.completed,
    )
    if skills is not None:
        waiting = waiting.where(Skill.code.in_(list(skills)))
    return _read(session, waiting)


def _trained() -> Select[Row]:
    holds = or_(VolunteerSkill.expires_at.is_(None), VolunteerSkill.expires_at > suite_now())
    return (
        select(TrainingDone, SessionCopy, Skill, VolunteerSkill, TrainingCompleted)
        .outerjoin(TrainingCompleted, TrainingCompleted.id == TrainingDone.id)
        .join(SessionCopy, SessionCopy.id == TrainingDone.session_id)
        .outerjoin(Skill, Skill.offering_id == SessionCopy.offering_id)
        .outerjoin(
            VolunteerSkill,
            and_(
                VolunteerSkill.person_id == TrainingDone.person_id,
                VolunteerSkill.skill == Skill.code,
                holds,
            ),
        )
        .outerjoin(Volunteer, Volunteer.person_id == TrainingDone.person_id)
        .where(TrainingDone.attended)
        .order_by(SessionCopy.starts_at.desc(), TrainingDone.id)
        .limit(MOST)
    )


def _read(session: Session, statement: Select[Row]) -> list[Trained]:
    return [
        Trained(
            done.person_id,
            copy.id,
            copy.title,
            copy.starts_at,
            skill.code if skill else None,
            bool(_has(known) and skill and skill.proof == PRACTICE and held is None),
            _has(known),
        )
        for done, copy, skill, held, known in session.execute(statement).tuples()
    ]


def _has(known: TrainingCompleted | None) -> bool:
    return known is not None and known.completed
