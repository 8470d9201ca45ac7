"""What decides whether a volunteer may take a shift, read once: skills, briefings, limits, other shifts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from services.roster.errors import (
    BriefingMissing,
    LevelTooLow,
    NewcomerAlone,
    SkillExpires,
    SkillMissing,
)
from services.roster.models import Assignment, Briefing, Shift, VolunteerSkill
from services.roster.models.assignment import LIVE
from services.roster.models.intervals import overlaps
from services.roster.models.limits import REACH, broken_limit
from services.roster.models.profile import Limits
from services.roster.queries import availability, briefings, volunteers
from services.roster.queries.pairing import Pairing, newcomers, pairing
from shared.errors import Refusal


@dataclass(frozen=True)
class Standing:
    """A volunteer as the rules see them; the list of shifts and the acceptance ask the same one."""

    skills: Mapping[str, VolunteerSkill]
    live: Sequence[Assignment]
    limits: Limits
    unread: Sequence[Briefing]
    titles: Mapping[str, Mapping[str, str]]
    pairing: Pairing | None = None

    def refusal(
        self, shift: Shift, zone: str, *, by_staff: bool, since: datetime | None = None
    ) -> Refusal | None:
        """Return the rule that keeps them from ``shift`` (or from joining it at ``since``), None where none does.

        Staff brief people on the spot and see to it that somebody is with a newcomer: neither keeps
        anybody from being assigned.
        Overlaps are the database's to refuse: limits are asked only where there is none.
        """
        missing = self.skill_refusal(shift)
        if missing is not None:
            return missing
        if self.unread and not by_staff:
            title = self.unread[0].title
            return BriefingMissing(title_zh=title["zh"], title_en=title.get("en") or title["zh"])
        if not by_staff and self.alone(shift, since):
            return NewcomerAlone()
        return None if self.overlaps(shift) else self._limit(shift, zone)

    def alone(self, shift: Shift, since: datetime | None = None) -> bool:
        """Tell whether they are new and nobody experienced would be with them."""
        return self.pairing is not None and self.pairing.alone(shift, since)

    def overlaps(self, shift: Shift) -> bool:
        """Tell whether they have another shift at that time."""
        wanted = (shift.starts_at, shift.ends_at)
        return any(overlaps((one.starts_at, one.ends_at), wanted) for one in self.live)

    def without(self, assignment_id: str) -> "Standing":
        """Return how they stand once that shift of theirs is given away."""
        return replace(self, live=[one for one in self.live if one.id != assignment_id])

    def skill_refusal(self, shift: Shift) -> Refusal | None:
        """Return what is wrong with the skill that ``shift`` asks for: its end counts, not today."""
        if shift.skill is None:
            return None
        held, named = self.skills.get(shift.skill), self._named(shift.skill)
        if held is None:
            return SkillMissing(**named)
        if held.expires_at is not None and held.expires_at < shift.ends_at:
            return SkillExpires(**named)
        if held.level < shift.level:
            return LevelTooLow(**named, needed=shift.level, held=held.level)
        return None

    def _limit(self, shift: Shift, zone: str) -> Refusal | None:
        taken = [(one.starts_at, one.ends_at) for one in self.live]
        return broken_limit(self.limits, taken, (shift.starts_at, shift.ends_at), zone)

    def _named(self, code: str) -> dict[str, Any]:
        title = self.titles.get(code, {})
        zh = title.get("zh") or code
        return {"skill_zh": zh, "skill_en": title.get("en") or zh}


def standing(session: Session, person_id: str, since: datetime) -> Standing:
    """Return how somebody stands; of their shifts, those that can matter from ``since`` on."""
    return standings(session, [person_id], since)[person_id]


def standings(
    session: Session, people: Sequence[str], since: datetime, leaving: str | None = None
) -> dict[str, Standing]:
    """Return how each of several people stands, in as many reads as for one.

    ``leaving``: an assignment whose volunteer will not be there, so is with no newcomer.
    """
    grants, live = volunteers.grants_of_all(session, people), _live(session, people, since)
    limits = availability.limits_of_all(session, people)
    unread, titles = briefings.unread_needed(session, people), volunteers.skill_titles(session)
    new = newcomers(session, people)
    stays = Assignment.id != leaving if leaving else true()
    rule = pairing(session, Assignment.ends_at > since, stays) if new else None
    return {
        one: Standing(
            grants[one], live[one], limits[one], unread[one], titles, rule if one in new else None
        )
        for one in people
    }


def _live(session: Session, people: Sequence[str], since: datetime) -> dict[str, list[Assignment]]:
    statement = select(Assignment).where(
        Assignment.person_id.in_(people),
        Assignment.state.in_(LIVE),
        Assignment.ends_at > since - REACH,
    )
    found: dict[str, list[Assignment]] = defaultdict(list)
    for row in session.scalars(statement.execution_options(populate_existing=True)):
        found[row.person_id].append(row)
    return found
