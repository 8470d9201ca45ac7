"""The volunteers of a proposal: skills, free time, limits, what they served, whether they are new."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.roster.models import Profile, Shift, Volunteer, VolunteerSkill
from services.roster.models import profile as profiles
from services.roster.planning import problem as planning
from services.roster.queries import free_time

NO_LIMIT = timedelta(days=7)
MANY = 99


Pair = tuple[str, str]  # a shift (staffing entry) and a person, by id


@dataclass(frozen=True)
class Ask:
    """What is asked: the days, in which zone, whether people whose time is unknown count.

    ``locked``, ``last`` and ``off`` are pairs of a plan that is there: to be kept, known to people, to be avoided.
    """

    from_on: date
    until_on: date
    zone: str
    unknown_too: bool = True
    locked: Sequence[Pair] = ()
    last: Sequence[Pair] = ()
    off: Sequence[Pair] = ()

    @property
    def place(self) -> ZoneInfo:
        """Return the zone."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class People:
    """Those who may be asked, and whose time is unknown."""

    volunteers: tuple[planning.Volunteer, ...]
    unknown: frozenset[str]


def people_of(
    session: Session,
    of: Ask,
    rows: Sequence[Shift],
    also: Collection[str],
    holder: Mapping[str, str],
) -> People:
    """Return everybody with the role, and ``also`` those who have a shift there; shifts of the problem count anyway."""
    active = set(session.scalars(select(Volunteer.person_id).where(Volunteer.active)))
    ids = sorted(active | set(also))
    skills = _skills(session)
    kept = {one.person_id: one for one in session.scalars(select(Profile))}
    weeks = free_time.weeks_of(session, ids)
    served = free_time.served(
        session, free_time.term_around(session, of.from_on, of.until_on), of.place, holder
    )
    days = days_of(rows, of.place)
    every = frozenset(holder[row.id] for row in rows)
    unknown = frozenset(one for one in ids if not weeks[one].known)
    made = []
    for one in ids:
        free = (
            free_time.free_spans(weeks[one], days, of.place, unknown_too=of.unknown_too)
            if one in active
            else ()
        )
        profile = kept.get(one)
        made.append(
            planning.Volunteer(
                one,
                tuple(skills.get(one, ())),
                free,
                _limits(profile.limits if profile else profiles.Limits()),
                newcomer=profile is None or profile.experienced_at is None,
                served=served.get(one, timedelta()),
                gladly=every if weeks[one].weekly else frozenset(),
                rather_not=every if one in unknown else frozenset(),
            )
        )
    return People(tuple(made), unknown)


def days_of(rows: Sequence[Shift], place: ZoneInfo) -> list[date]:
    """Return the local days that shifts touch."""
    ends = (row.ends_at - timedelta(microseconds=1) for row in rows)
    starts = (row.starts_at for row in rows)
    return sorted({at.astimezone(place).date() for part in (starts, ends) for at in part})


def _skills(session: Session) -> dict[str, list[planning.Skill]]:
    found: dict[str, list[planning.Skill]] = {}
    granted = select(VolunteerSkill).where(
        or_(VolunteerSkill.expires_at.is_(None), ~VolunteerSkill.lapsed)
    )
    for row in session.scalars(granted):
        one = planning.Skill(row.skill, row.level, row.expires_at)
        found.setdefault(row.person_id, []).append(one)
    return found


def _limits(of: profiles.Limits) -> planning.Limits:
    return planning.Limits(
        shifts_a_week=MANY if of.week_shifts is None else of.week_shifts,
        rest=timedelta(minutes=of.rest_minutes),
        in_a_row=NO_LIMIT if of.row_minutes is None else timedelta(minutes=of.row_minutes),
    )
