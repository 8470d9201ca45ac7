"""The problem that a proposal answers, read from the tables: shifts, people, and what is settled already.

Staffing entries of one session at the same time are roles of one shift of the problem: who works in one of them is
together with the others. A role's code is the entry's id, so a cell leads back to it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster.models import Assignment, Offer, SessionCopy, Shift
from services.roster.models.assignment import BY_SELF, DROPPED, LIVE
from services.roster.models.limits import REACH
from services.roster.models.offer import DECLINED, OFFERED
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import OPEN
from services.roster.planning import problem as planning
from services.roster.planning.problem import Cell, Problem
from services.roster.queries import free_time
from services.roster.queries.plan_people import Ask, Pair, people_of
from shared.database import suite_time


@dataclass(frozen=True)
class Asked:
    """A problem, and how its cells lead back: the shift of the problem that holds a staffing entry."""

    problem: Problem
    holder: dict[str, str]
    rows: dict[str, Shift]
    taken: frozenset[Pair]
    unknown: frozenset[str] = field(default=frozenset())

    def cell(self, shift_id: str, person_id: str) -> Cell:
        """Return a staffing entry and a person as a cell."""
        return Cell(person_id, self.holder[shift_id], shift_id)


def ask(session: Session, of: Ask) -> Asked:
    """Read a problem. Shifts that have begun are not asked for; people's shifts around the days count."""
    at = suite_time(session)
    begin = free_time.day_start(of.from_on, of.place)
    end = free_time.day_start(of.until_on + timedelta(days=1), of.place)
    rows = _open_shifts(session, max(begin, at), end)
    taken = _taken(session, begin - REACH, end + REACH, at)
    around = _others(session, {shift_id for shift_id, _ in taken} - rows.keys())
    shifts = {**rows, **around}
    holder = {one.id: f"{one.session_id}/{one.starts_at}/{one.ends_at}" for one in shifts.values()}
    locked = _room_for(rows, taken, of.locked)
    people = people_of(session, of, list(rows.values()), {who for _, who in taken}, holder)
    known = {one.id for one in people.volunteers}
    fixed = {Cell(who, holder[one], one) for one, who in [*taken, *locked] if who in known}
    off = _off(session, rows, of.off)
    made = Problem(
        shifts=_shifts(rows, around, holder, Counter(one.role for one in fixed)),
        volunteers=people.volunteers,
        zone=of.place,
        fixed=frozenset(fixed),
        kept_off=frozenset((who, holder[one]) for one, who in off if who in known)
        - {cell[:2] for cell in fixed},
        last=frozenset(
            Cell(who, holder[one], one) for one, who in of.last if one in rows and who in known
        ),
    )
    return Asked(made, holder, rows, frozenset(taken), people.unknown)


def _open_shifts(session: Session, since: datetime, until: datetime) -> dict[str, Shift]:
    statement = (
        select(Shift)
        .join(SessionCopy, SessionCopy.id == Shift.session_id)
        .where(
            Shift.state == OPEN,
            SessionCopy.state == PUBLISHED,
            Shift.at_most > 0,
            Shift.starts_at >= since,
            Shift.starts_at < until,
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return {one.id: one for one in session.scalars(statement)}


def _taken(session: Session, since: datetime, until: datetime, at: datetime) -> set[Pair]:
    """Return who has a shift already, or is being asked for one."""
    live = select(Assignment.shift_id, Assignment.person_id).where(
        Assignment.state.in_(LIVE), Assignment.ends_at > since, Assignment.starts_at < until
    )
    asked = (
        select(Offer.shift_id, Offer.person_id)
        .join(Shift, Shift.id == Offer.shift_id)
        .where(
            Offer.state == OFFERED,
            Offer.holds,
            Offer.expires_at > at,
            Shift.ends_at > since,
            Shift.starts_at < until,
        )
    )
    return {tuple(row) for statement in (live, asked) for row in session.execute(statement)}


def _others(session: Session, ids: set[str]) -> dict[str, Shift]:
    found = session.scalars(select(Shift).where(Shift.id.in_(ids)))
    return {one.id: one for one in found}


def _room_for(rows: dict[str, Shift], taken: set[Pair], locked: Sequence[Pair]) -> list[Pair]:
    """Return the locked pairs for which a place is left; who has the shift by now needs no lock."""
    there = Counter(one for one, _ in taken)
    kept: list[Pair] = []
    for one, who in locked:
        if one in rows and (one, who) not in taken and there[one] < rows[one].at_most:
            there[one] += 1
            kept.append((one, who))
    return kept


def _off(session: Session, rows: dict[str, Shift], off: Sequence[Pair]) -> set[Pair]:
    """Return who is not to be on a shift: as the coordinator says, and who gave it back or declined it."""
    dropped = select(Assignment.shift_id, Assignment.person_id).where(
        Assignment.state == DROPPED,
        Assignment.changed_by == BY_SELF,
        Assignment.shift_id.in_(rows.keys()),
    )
    declined = select(Offer.shift_id, Offer.person_id).where(
        Offer.state == DECLINED, Offer.shift_id.in_(rows.keys())
    )
    said = {tuple(row) for statement in (dropped, declined) for row in session.execute(statement)}
    return {(one, who) for one, who in [*off, *said] if one in rows}


def _shifts(
    rows: dict[str, Shift],
    around: dict[str, Shift],
    holder: dict[str, str],
    fixed: Counter[str],
) -> tuple[planning.Shift, ...]:
    """Return the shifts of the problem; those around the days take nobody more."""
    groups: dict[str, list[Shift]] = defaultdict(list)
    for row in [*rows.values(), *around.values()]:
        groups[holder[row.id]].append(row)
    made = []
    for id, group in groups.items():
        roles = []
        for row in sorted(group, key=lambda one: (one.position, one.id)):
            most = max(row.at_most, fixed[row.id]) if row.id in rows else fixed[row.id]
            least = min(row.needed, most) if row.id in rows else 0
            roles.append(planning.Role(row.id, row.skill, least, most, row.level))
        first = group[0]
        made.append(
            planning.Shift(id, first.session_id, first.starts_at, first.ends_at, tuple(roles))
        )
    return tuple(made)


def has_shifts(session: Session, from_on: date, until_on: date, zone: str) -> bool:
    """Tell whether any shift ahead lies in these days."""
    place = ZoneInfo(zone)
    begin = free_time.day_start(from_on, place)
    end = free_time.day_start(until_on + timedelta(days=1), place)
    return bool(_open_shifts(session, max(begin, suite_time(session)), end))
