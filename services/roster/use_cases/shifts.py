"""Taking a shift: the conditional UPDATE decides, the database's constraints stand behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster import events
from services.roster.errors import (
    AlreadyStarted,
    AlreadyTaken,
    NoSuchShift,
    NoSuchVolunteer,
    NotAVolunteer,
    Overlaps,
    ShiftCancelled,
    ShiftOver,
)
from services.roster.models import Assignment, SessionCopy, Shift, Volunteer
from services.roster.models.assignment import BY_SELF, BY_STAFF, LIVE
from services.roster.models.shift import OPEN
from services.roster.queries.assignments import assignment
from services.roster.queries.shifts import full_refusal
from services.roster.queries.standing import standing
from services.roster.use_cases.availability import know_volunteer
from services.roster.use_cases.staffing import announce_staffing, enter_session
from shared import audit
from shared.clock import now
from shared.database import one_row, suite_time
from shared.errors import Refusal
from shared.ids import new_id


def accept_shift(session: Session, shift_id: str, person_id: str) -> Assignment:
    """Let a volunteer take a shift. The caller's token says that they are one.

    A person whose registration has not reached the roster yet is entered by their token; one
    who has lost the role since is refused.
    """
    know_volunteer(session, person_id)
    return _take(session, shift_id, person_id, Way.by_self())


def assign_volunteer(session: Session, shift_id: str, person_id: str, *, actor: str) -> Assignment:
    """Put a volunteer on a shift on behalf of staff, also while it runs."""
    if session.get(Volunteer, person_id) is None:
        raise NoSuchVolunteer
    return _take(session, shift_id, person_id, Way(BY_STAFF, actor))


def take_place(session: Session, shift: Shift, person_id: str, *, running_too: bool) -> None:
    """Take one place of ``shift``, whose session is entered; raise the rule that stands in the way."""
    taken = session.execute(Shift.take_place(shift.id, running_too=running_too))
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # DML gives a cursor
        session.refresh(shift)
        raise _why_not_taken(session, shift, person_id, running_too=running_too)


def hold_time(session: Session, statement: Any, shift: Shift, person_id: str) -> None:
    """Write a live assignment; raise ``AlreadyTaken`` or ``Overlaps`` where the database refuses."""
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError as problem:
        taken = _is_on(session, shift.id, person_id)
        raise (AlreadyTaken() if taken else Overlaps()) from problem


@dataclass(frozen=True)
class Way:
    """How somebody comes onto a shift: by whom, and whether a place was kept for them."""

    by: str = BY_SELF
    actor: str | None = None
    was_kept: bool = False
    helps_from: datetime | None = None
    instead: bool = False

    @classmethod
    def by_self(cls) -> "Way":
        """The volunteer takes a free place."""
        return cls()

    @classmethod
    def kept(cls) -> "Way":
        """The volunteer takes the place that an offer kept."""
        return cls(was_kept=True)

    @classmethod
    def standing_in(cls) -> "Way":
        """The volunteer takes the place of somebody who has just been released."""
        return cls(instead=True)

    @classmethod
    def helping(cls, at: datetime) -> "Way":
        """The volunteer comes to a running shift from ``at`` on: a place is made for them."""
        return cls(helps_from=at)

    @property
    def staff(self) -> bool:
        """Tell whether staff put them there, also while the shift runs."""
        return self.by == BY_STAFF


def put_on(
    session: Session, copy: SessionCopy, shift: Shift, person_id: str, way: Way
) -> Assignment:
    """Put an entered person on a shift of an entered session, if no rule stands in the way."""
    stands = standing(session, person_id, shift.starts_at)
    if refusal := stands.refusal(shift, copy.zone, by_staff=way.staff, since=way.helps_from):
        raise refusal
    if way.instead:
        pass  # the place passes on: nothing is counted
    elif way.was_kept:
        one_row(session.execute(Shift.take_kept(shift.id)), AlreadyStarted())
    elif way.helps_from is not None:
        one_row(session.execute(Shift.make_place(shift.id)), ShiftOver())
    else:
        take_place(session, shift, person_id, running_too=way.staff)
    row = _new_row(shift, person_id, way)
    hold_time(session, insert(Assignment).values(row), shift, person_id)
    made = assignment(session, str(row["id"]))
    assert made is not None  # noqa: S101 - inserted above
    audit.record(session, way.actor or person_id, "shift.accepted", made.id)
    events.assignment(session, events.SHIFT_ACCEPTED, made, shift)
    announce_staffing(session, copy)
    return made


def _take(session: Session, shift_id: str, person_id: str, way: Way) -> Assignment:
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())
    known = session.get(Shift, shift_id)
    if known is None:
        raise NoSuchShift
    copy = enter_session(session, known.session_id)
    shift = session.get_one(Shift, shift_id, populate_existing=True)
    return put_on(session, copy, shift, person_id, way)


def _new_row(shift: Shift, person_id: str, way: Way) -> dict[str, Any]:
    return {
        "id": new_id(),
        "shift_id": shift.id,
        "session_id": shift.session_id,
        "person_id": person_id,
        "changed_by": way.by,
        "starts_at": max(way.helps_from or shift.starts_at, shift.starts_at),
        "ends_at": shift.ends_at,
        "accepted_at": now(),
    }


def _why_not_taken(session: Session, shift: Shift, person_id: str, *, running_too: bool) -> Refusal:
    at = suite_time(session)
    if _is_on(session, shift.id, person_id):
        return AlreadyTaken()
    if shift.state != OPEN:
        return ShiftCancelled()
    if shift.ends_at <= at:
        return ShiftOver()
    if shift.starts_at <= at and not running_too:
        return AlreadyStarted()
    return full_refusal(shift)


def _is_on(session: Session, shift_id: str, person_id: str) -> bool:
    statement = select(Assignment.id).where(
        Assignment.shift_id == shift_id,
        Assignment.person_id == person_id,
        Assignment.state.in_(LIVE),
    )
    return session.execute(statement).first() is not None
