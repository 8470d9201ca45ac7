"""Reads of absences, of people nobody marked yet, and of objections that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Absence, Assignment, Objection
from services.roster.models.period import Stretch, day_after, local_day
from services.roster.models.policy import in_force
from services.roster.queries.hours import objections_of
from services.roster.queries.periods import absent, still_there, unmarked
from services.roster.queries.policies import policies
from shared.pagination import Page, page

ABSENT, UNMARKED, PRESENT = ATTENDANCE = ("absent", "unmarked", "present")


@dataclass(frozen=True)
class AbsenceView:
    """An assignment whose attendance is looked at: the absence, if one is noted, and objections."""

    assignment: Assignment
    absence: Absence | None
    objections: Sequence[Objection]
    object_until: datetime | None

    def can_object(self, at: datetime) -> bool:
        """Tell whether the volunteer may object ``at`` a moment."""
        return not self.objections and self.object_until is not None and at < self.object_until


def attendance_in(
    session: Session,
    kind: str,
    period: Stretch,
    at: datetime,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of a month's people: absent, not marked yet, or checked in and not out."""
    statement = {
        ABSENT: lambda: absent(period),
        UNMARKED: lambda: unmarked(period, at),
        PRESENT: lambda: still_there(period),
    }[kind]()
    return _page(session, statement, cursor, limit)


def absences_of(
    session: Session, person_id: str, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return one page of a person's absences, newest first."""
    return _page(session, absent(None).where(Assignment.person_id == person_id), cursor, limit)


def objections(session: Session, state: str, *, cursor: str | None, limit: int) -> Page:
    """Return one page of objections in a state, the oldest first."""
    statement = (
        select(Objection)
        .where(Objection.state == state)
        .options(
            joinedload(Objection.assignment).joinedload(Assignment.session),
            joinedload(Objection.assignment).joinedload(Assignment.shift),
        )
    )
    return page(session, statement, [Objection.raised_at, Objection.id], cursor, limit)


def objections_of_person(session: Session, person_id: str) -> list[Objection]:
    """Return every objection of a person, oldest first."""
    mine = select(Objection).where(Objection.person_id == person_id)
    return list(session.scalars(mine.order_by(Objection.raised_at, Objection.id)))


def _page(
    session: Session, statement: Select[tuple[Assignment]], cursor: str | None, limit: int
) -> Page:
    whole = statement.options(joinedload(Assignment.shift), joinedload(Assignment.session))
    keys = [Assignment.starts_at, Assignment.id]
    found = page(session, whole, keys, cursor, limit, descending=True)
    return Page(views(session, found.items), found.next_cursor)


def views(session: Session, rows: Sequence[Assignment]) -> list[AbsenceView]:
    """Return assignments with the absence noted of them and the objections to it."""
    ids = [row.id for row in rows]
    noted = {
        one.assignment_id: one
        for one in session.scalars(select(Absence).where(Absence.assignment_id.in_(ids)))
    }
    said, versions = objections_of(session, ids), policies(session)
    return [
        AbsenceView(
            row,
            absence := noted.get(row.id),
            said[row.id],
            day_after(
                absence.noted_at, in_force(versions, local_day(absence.noted_at)).objection_days
            )
            if absence
            else None,
        )
        for row in rows
    ]
