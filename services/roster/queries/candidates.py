"""Who could take a shift, and in which order they are asked: free first, then fewest hours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from services.roster.models import Assignment, Hours, Profile, Shift, Volunteer, VolunteerSkill
from services.roster.models.assignment import ACCEPTED, LIVE
from services.roster.queries.free_time import weeks_of
from services.roster.queries.standing import standings


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a shift: minutes served and taken on, and what their week says."""

    person_id: str
    minutes: int
    advice: str | None
    newcomer: bool

    @property
    def free(self) -> bool:
        """Tell whether nothing they said about their time speaks against it."""
        return self.advice is None

    @property
    def why(self) -> dict[str, Any]:
        """Return what an offer keeps of why they were asked."""
        return {"minutes": self.minutes, "free": self.free}


def candidates(
    session: Session,
    shift: Shift,
    zone: str,
    at: datetime,
    *,
    without: Collection[str] = (),
    helping: bool = False,
    leaving: str | None = None,
) -> list[Candidate]:
    """Return who could take ``shift`` from ``at`` (or its start) on, in the order in which they are asked.

    The order: free by what they told of their time, then fewest minutes served and taken on, then
    id. ``helping``: only those who want to be asked on the spot. ``leaving``: the assignment of whoever
    they would come instead of.
    """
    people = [
        one for one in session.scalars(_might(shift, at, helping=helping)) if one not in without
    ]
    minutes, weeks = _minutes(session, people, at), weeks_of(session, people)
    stand = standings(session, people, shift.starts_at, leaving)
    begins = max(at, shift.starts_at)
    found = []
    for person_id in people:
        stands = stand[person_id]
        if stands.refusal(shift, zone, by_staff=not helping, since=at):  # they can read before
            continue
        if stands.alone(shift, at):
            continue
        advice = weeks[person_id].advice(begins, shift.ends_at, zone)
        newcomer = stands.pairing is not None
        found.append(Candidate(person_id, minutes.get(person_id, 0), advice, newcomer))
    return sorted(found, key=lambda one: (not one.free, one.minutes, one.person_id))


def _might(shift: Shift, at: datetime, *, helping: bool) -> Select[tuple[str]]:
    """Select who has the skill and nothing else at that time; the other rules are asked one by one."""
    busy = exists().where(
        Assignment.person_id == Volunteer.person_id,
        Assignment.state.in_(LIVE),
        Assignment.starts_at < shift.ends_at,
        Assignment.ends_at > max(at, shift.starts_at),
    )
    statement = select(Volunteer.person_id).where(Volunteer.active, ~busy)
    if shift.skill is not None:
        held = exists().where(
            VolunteerSkill.person_id == Volunteer.person_id,
            VolunteerSkill.skill == shift.skill,
            VolunteerSkill.level >= shift.level,
            or_(VolunteerSkill.expires_at.is_(None), VolunteerSkill.expires_at >= shift.ends_at),
        )
        statement = statement.where(held)
    if helping:
        wants = exists().where(Profile.person_id == Volunteer.person_id, Profile.help)
        statement = statement.where(wants)
    return statement.order_by(Volunteer.person_id)


def _minutes(session: Session, people: Sequence[str], at: datetime) -> dict[str, int]:
    """Return the minutes served, trials left out, and those of the shifts taken on, of each person."""
    served = session.execute(
        select(Hours.person_id, func.sum(Hours.minutes))
        .where(Hours.person_id.in_(people), ~Hours.trial)
        .group_by(Hours.person_id)
    ).tuples()
    total = {person_id: int(minutes) for person_id, minutes in served}
    ahead = session.execute(
        select(Assignment.person_id, Assignment.starts_at, Assignment.ends_at).where(
            Assignment.person_id.in_(people), Assignment.state == ACCEPTED, Assignment.ends_at > at
        )
    ).tuples()
    for person_id, starts_at, ends_at in ahead:
        length = int((ends_at - starts_at).total_seconds() // 60)
        total[person_id] = total.get(person_id, 0) + length
    return total
