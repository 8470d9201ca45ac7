"""Reads of shifts: those ahead, each with whether and why not a volunteer can take it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.roster.errors import (
    AlreadyStarted,
    AlreadyTaken,
    NotAVolunteer,
    Overlaps,
    PlacesKept,
    ShiftFull,
)
from services.roster.models import Assignment, SessionCopy, Shift
from services.roster.models.assignment import LIVE
from services.roster.models.session import PUBLISHED
from services.roster.models.shift import OPEN
from services.roster.models.week import Week
from services.roster.queries import assignments, availability, volunteers
from services.roster.queries.pairing import left_alone
from services.roster.queries.standby import standby_of, standing_by
from services.roster.queries.standing import Standing, standing
from shared.errors import Refusal
from shared.pagination import Page, page


@dataclass(frozen=True)
class Asker:
    """Who looks at the shifts: what decides whether they may and can take one."""

    may: bool
    standing: Standing
    week: Week
    standby: frozenset[str] = frozenset()

    def mine(self, shift: Shift) -> Assignment | None:
        """Return the asker's live assignment on ``shift``."""
        return next((one for one in self.standing.live if one.shift_id == shift.id), None)

    def why_not(self, shift: Shift, at: datetime) -> Refusal | None:
        """Return the rule that keeps the asker from taking ``shift``, None where none does."""
        if not self.may:
            return NotAVolunteer()
        if self.mine(shift):
            return AlreadyTaken()
        if shift.starts_at <= at:
            return AlreadyStarted()
        if missing := self.standing.skill_refusal(shift):
            return missing
        if self.standing.overlaps(shift):
            return Overlaps()
        refusal = self.standing.refusal(shift, shift.session.zone, by_staff=False)
        return refusal or (None if shift.free_places else full_refusal(shift))

    def advice(self, shift: Shift) -> str | None:
        """Return what the asker said of that time, where it speaks against ``shift``."""
        return self.week.advice(shift.starts_at, shift.ends_at, shift.session.zone)


@dataclass(frozen=True)
class ShiftView:
    """A shift as one asker sees it."""

    shift: Shift
    mine: Assignment | None
    why_not: Refusal | None
    advice: str | None = None
    standby: bool = False


@dataclass(frozen=True)
class StaffedShift:
    """A shift with everybody who is, or was, on it."""

    shift: Shift
    assignments: list[Assignment]
    alone: frozenset[str] = frozenset()  # newcomers without anybody experienced
    standby: tuple[str, ...] = ()


def full_refusal(shift: Shift) -> Refusal:
    """Return why a shift has no place left: taken, or kept for people who are being asked."""
    return ShiftFull() if shift.accepted >= shift.at_most else PlacesKept()


def asker(session: Session, person_id: str, at: datetime, *, has_role: bool) -> Asker:
    """Return what decides about ``person_id``; ``has_role`` counts until the roster knows them."""
    known = volunteers.volunteer(session, person_id)
    return Asker(
        may=known.active if known else has_role,
        standing=standing(session, person_id, at),
        week=availability.week_of(session, person_id),
        standby=standby_of(session, person_id),
    )


def shifts_ahead(
    session: Session,
    who: Asker,
    at: datetime,
    *,
    session_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of the shifts that are not over, soonest first, as ``who`` sees them."""
    statement = (
        select(Shift)
        .join(SessionCopy, SessionCopy.id == Shift.session_id)
        .options(joinedload(Shift.session))
        .where(Shift.state == OPEN, SessionCopy.state == PUBLISHED, Shift.ends_at > at)
    )
    if session_id:
        statement = statement.where(Shift.session_id == session_id)
    found = page(session, statement, [Shift.starts_at, Shift.id], cursor, limit)
    views = [
        ShiftView(row, who.mine(row), who.why_not(row, at), who.advice(row), row.id in who.standby)
        for row in found.items
    ]
    return Page(views, found.next_cursor)


def session_copy(session: Session, session_id: str) -> SessionCopy | None:
    """Return the roster's copy of a session."""
    return session.get(SessionCopy, session_id)


def shifts_of_session(session: Session, session_id: str) -> list[StaffedShift]:
    """Return every shift of a session in the catalog's order, with its assignments."""
    statement = (
        select(Shift)
        .options(joinedload(Shift.session))
        .where(Shift.session_id == session_id)
        .order_by(Shift.position)
    )
    shifts = list(session.scalars(statement))
    people = assignments.by_shift(session, [shift.id for shift in shifts])
    live = [row for rows in people.values() for row in rows if row.state in LIVE]
    waiting = standing_by(session, [shift.id for shift in shifts])
    alone = left_alone(session, session_id, live) if live else set()
    return [
        StaffedShift(
            shift,
            people[shift.id],
            frozenset(
                row.person_id
                for row in people[shift.id]
                if row.state in LIVE and row.person_id in alone
            ),
            tuple(waiting[shift.id]),
        )
        for shift in shifts
    ]
