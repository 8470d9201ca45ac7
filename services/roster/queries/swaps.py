"""Which shifts could be had for one's own: somebody is on them who could take it, and one could take theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.elements import ColumnElement

from services.roster.models import Assignment, SessionCopy, Shift, Volunteer, VolunteerSkill
from services.roster.models.assignment import ACCEPTED, LIVE
from services.roster.models.shift import OPEN
from services.roster.models.waking import LAST_CALL
from services.roster.queries.standing import standing

MOST = 50


@dataclass(frozen=True)
class Swap:
    """A shift that could be had in exchange, and how many people would be asked."""

    shift: Shift
    session: SessionCopy
    people: int


def swaps_for(session: Session, mine: Assignment, at: datetime) -> list[Swap]:
    """Return what could be had for an assignment, the nearest first, at most fifty shifts.

    The owner's side is asked whole, as if the shift were given away. Of the others skill and time are; their
    limits and the rest are asked when they are, and again when they accept.
    """
    others = partners(session, mine, at)
    stands = standing(session, mine.person_id, at).without(mine.id)
    found: dict[str, Swap] = {}
    for row in others:
        shift, of = row.shift, row.session
        known = found.get(shift.id)
        if known is not None:
            found[shift.id] = Swap(shift, of, known.people + 1)
        elif not stands.overlaps(shift) and not stands.refusal(shift, of.zone, by_staff=False):
            found[shift.id] = Swap(shift, of, 1)
    return list(found.values())[:MOST]


def partners(
    session: Session, mine: Assignment, at: datetime, *conditions: ColumnElement[bool]
) -> Sequence[Assignment]:
    """Return the assignments of others that could be given for ``mine``, the nearest first."""
    also_there = aliased(Assignment)
    statement = (
        select(Assignment)
        .join(Assignment.shift)
        .join(Volunteer, Volunteer.person_id == Assignment.person_id)
        .where(
            Volunteer.active,
            Assignment.state == ACCEPTED,
            Assignment.person_id != mine.person_id,
            Assignment.starts_at > at + LAST_CALL,
            Assignment.shift_id != mine.shift_id,
            Shift.state == OPEN,
            ~exists().where(
                also_there.shift_id == Assignment.shift_id,
                also_there.person_id == mine.person_id,
                also_there.state.in_(LIVE),
            ),
            _has_the_skill(mine.shift),
            _has_the_time(mine),
            *conditions,
        )
        .options(joinedload(Assignment.shift), joinedload(Assignment.session))
        .order_by(Assignment.starts_at, Assignment.id)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def _has_the_skill(shift: Shift) -> ColumnElement[bool]:
    held = exists().where(
        VolunteerSkill.person_id == Assignment.person_id,
        VolunteerSkill.skill == shift.skill,
        VolunteerSkill.level >= shift.level,
        or_(VolunteerSkill.expires_at.is_(None), VolunteerSkill.expires_at >= shift.ends_at),
    )
    return held if shift.skill is not None else Shift.id.is_not(None)


def _has_the_time(mine: Assignment) -> ColumnElement[bool]:
    other = aliased(Assignment)
    return ~exists().where(
        other.person_id == Assignment.person_id,
        other.id != Assignment.id,
        other.state.in_(LIVE),
        other.starts_at < mine.ends_at,
        other.ends_at > mine.starts_at,
    )
