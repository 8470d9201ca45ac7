"""The pairing rule: a newcomer is on a shift only while somebody experienced is in the session, the whole time.

It binds as soon as somebody experienced has the skill that a shift asks for: where everybody is new,
nobody could begin.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster.models import Assignment, Profile, Shift, Volunteer, VolunteerSkill
from services.roster.models.assignment import LIVE
from services.roster.models.intervals import covers

Range = tuple[datetime, datetime]


@dataclass(frozen=True)
class Pairing:
    """Who could be with a newcomer: the skills that experienced people have, and when they serve where."""

    skills: frozenset[str]
    anybody: bool
    crews: Mapping[str, Sequence[Range]]

    def alone(self, shift: Shift, since: datetime | None = None) -> bool:
        """Tell whether a newcomer would be on ``shift``, or on it from ``since`` on, without one of them."""
        binds = self.anybody if shift.skill is None else shift.skill in self.skills
        wanted = (max(shift.starts_at, since or shift.starts_at), shift.ends_at)
        return binds and not covers(self.crews.get(shift.session_id, ()), wanted)


def pairing(session: Session, *conditions: object) -> Pairing:
    """Return who could be with a newcomer, of the assignments that meet the conditions."""
    experienced = (
        select(Volunteer.person_id)
        .join(Profile, Profile.person_id == Volunteer.person_id)
        .where(Volunteer.active, Profile.experienced_at.is_not(None))
    )
    serving = select(Assignment.session_id, Assignment.starts_at, Assignment.ends_at).where(
        Assignment.person_id.in_(experienced),
        Assignment.state.in_(LIVE),
        *conditions,  # type: ignore[arg-type]
    )
    crews: dict[str, list[Range]] = defaultdict(list)
    for session_id, starts_at, ends_at in session.execute(serving).tuples():
        crews[session_id].append((starts_at, ends_at))
    held = select(VolunteerSkill.skill).where(VolunteerSkill.person_id.in_(experienced)).distinct()
    anybody = session.execute(experienced.limit(1)).first() is not None
    return Pairing(frozenset(session.scalars(held)), anybody, crews)


def newcomers(session: Session, people: Collection[str]) -> set[str]:
    """Return those of some people who are new."""
    experienced = select(Profile.person_id).where(
        Profile.person_id.in_(people), Profile.experienced_at.is_not(None)
    )
    return set(people) - set(session.scalars(experienced))


def left_alone(session: Session, session_id: str, live: Iterable[Assignment]) -> set[str]:
    """Return the newcomers of a session who serve some time without anybody experienced."""
    rows = list(live)
    new = newcomers(session, {row.person_id for row in rows})
    crew = pairing(session, Assignment.session_id == session_id).crews.get(session_id, ())
    return {
        row.person_id
        for row in rows
        if row.person_id in new and not covers(crew, (row.starts_at, row.ends_at))
    }
