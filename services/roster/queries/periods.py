"""What a reviewer of a month or quarter sees: figures, what is open, and what to look at twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from services.roster.models import (
    Absence,
    Assignment,
    Entry,
    Hours,
    Objection,
    Period,
    PeriodAct,
    SessionCopy,
)
from services.roster.models.assignment import ABSENT, ACCEPTED, ATTENDED
from services.roster.models.hours import CORRECTION, LONG, OUTSIDE, SHORT
from services.roster.models.objection import WAITS
from services.roster.models.period import (
    CLOSED,
    MONTH,
    Stretch,
    day_after,
    local_day,
    stretch,
)
from services.roster.models.policy import in_force
from services.roster.queries.policies import policies

MOST_DAYS = timedelta(days=61)  # nobody may object later than that, whatever a policy says


@dataclass(frozen=True)
class Figures:
    """What the ledger of a period comes to, trials left out of the minutes."""

    minutes: int
    people: int
    services: int
    entries: int
    corrections: int
    after_closing: int


@dataclass(frozen=True)
class Point:
    """Something to look at: a stable code, and how many. ``until``: when it is over by itself."""

    code: str
    count: int
    until: datetime | None = None


def periods(session: Session) -> list[Period]:
    """Return every period that the ledger knows, the newest first."""
    found = session.scalars(select(Period)).all()
    ends = {one.name: stretch(one.name) for one in found}
    return sorted(found, key=lambda one: (ends[one.name].after, one.kind), reverse=True)  # type: ignore[union-attr]  # names are ours


def acts_of(session: Session, name: str) -> list[PeriodAct]:
    """Return what was done in the review of a period, oldest first."""
    statement = select(PeriodAct).where(PeriodAct.period == name)
    return list(session.scalars(statement.order_by(PeriodAct.done_at, PeriodAct.id)))


def figures(session: Session, period: Stretch, closed_at: datetime | None = None) -> Figures:
    """Return what the ledger of a period comes to now, and what was corrected after it was closed."""
    counted = select(
        func.coalesce(func.sum(Hours.minutes), 0),
        func.count(Hours.person_id.distinct()),
        func.count(Hours.assignment_id),
    ).where(Hours.month.in_(period.months), ~Hours.trial)
    minutes, people, services = session.execute(counted).one()
    late = Entry.recorded_at > closed_at if closed_at else Entry.id.is_(None)
    lines = select(
        func.count(Entry.id),
        func.count(Entry.id).filter(Entry.kind == CORRECTION),
        func.count(Entry.id).filter(late),
    ).where(Entry.month.in_(period.months))
    return Figures(int(minutes), people, services, *session.execute(lines).one())


def entries_in(session: Session, period: Stretch) -> int:
    """Count the lines of a period's ledger."""
    lines = select(func.count(Entry.id)).where(Entry.month.in_(period.months))
    return int(session.execute(lines).scalar_one())


def open_points(session: Session, period: Stretch, at: datetime) -> list[Point]:
    """Return what stands in the way of closing, as it is ``at`` a moment; nothing open: empty."""
    months = period.months
    points = [
        Point("present", _count(session, still_there(period))),
        Point("unmarked", _count(session, unmarked(period, at))),
        Point("forgotten", _count(session, select(Hours).where(_in(months), Hours.closed_by_rule))),
        Point("double", _count(session, select(Hours).where(_in(months), twice()))),
        Point("objections", _count(session, open_objections(months))),
        _time_to_object(session, months, at),
    ]
    if period.kind != MONTH:
        points = [Point("months", _months_open(session, months, at)), *points[-2:]]
    return [one for one in points if one.count]


def look_points(session: Session, period: Stretch) -> list[Point]:
    """Return what a reviewer looks at twice, though it may be right."""
    months = period.months
    points = [
        Point(look, _count(session, select(Hours).where(_in(months), Hours.look == look)))
        for look in (SHORT, LONG, OUTSIDE)
    ]
    corrected = select(Hours).where(_in(months), was_corrected())
    points.append(Point("corrected", _count(session, corrected)))
    for code, excused in (("absent_without", False), ("absent_with", True)):
        points.append(Point(code, _count(session, absent(period).where(_excused(excused)))))
    return [one for one in points if one.count]


def still_there(period: Stretch) -> Select[tuple[Assignment]]:
    """Select who has checked in and not out."""
    return _of_shifts(period).where(
        Assignment.state == ATTENDED, Assignment.checked_out_at.is_(None)
    )


def unmarked(period: Stretch, at: datetime) -> Select[tuple[Assignment]]:
    """Select who was expected, and neither came nor was marked absent."""
    return _of_shifts(period).where(
        Assignment.state == ACCEPTED, Assignment.ends_at <= at, ~_has_hours()
    )


def absent(period: Stretch | None) -> Select[tuple[Assignment]]:
    """Select who did not come; in all the time where no period is named."""
    return _of_shifts(period).where(Assignment.state == ABSENT, ~_has_hours())


def open_objections(months: Sequence[str]) -> Select[tuple[Objection]]:
    """Select the objections nobody has decided about."""
    return select(Objection).where(Objection.month.in_(months), Objection.state == WAITS)


def twice() -> ColumnElement[bool]:
    """Return the condition that somebody's minutes count twice: two stretches of theirs overlap."""
    other = aliased(Hours)
    return and_(
        ~Hours.trial,
        exists().where(
            other.person_id == Hours.person_id,
            other.assignment_id != Hours.assignment_id,
            ~other.trial,
            other.minutes > 0,
            Hours.minutes > 0,
            other.checked_in_at < Hours.checked_out_at,
            Hours.checked_in_at < other.checked_out_at,
        ),
    )


def was_corrected() -> ColumnElement[bool]:
    """Return the condition that a coordinator has corrected these hours."""
    return exists().where(Entry.assignment_id == Hours.assignment_id, Entry.kind == CORRECTION)


def _in(months: Sequence[str]) -> ColumnElement[bool]:
    return Hours.month.in_(months)


def _excused(excused: bool) -> ColumnElement[bool]:
    found = exists().where(Absence.assignment_id == Assignment.id, Absence.excused)
    return found if excused else ~found


def _has_hours() -> ColumnElement[bool]:
    return exists().where(Hours.assignment_id == Assignment.id)


def _of_shifts(period: Stretch | None) -> Select[tuple[Assignment]]:
    statement = (
        select(Assignment)
        .join(SessionCopy, SessionCopy.id == Assignment.session_id)
        .where(~SessionCopy.trial)
    )
    if period is None:
        return statement
    first = Assignment.starts_at >= period.starts_at
    return statement.where(first, Assignment.starts_at < period.ends_at)


def _count(session: Session, statement: Select[Any]) -> int:
    found = statement.order_by(None).subquery()
    return int(session.execute(select(func.count()).select_from(found)).scalar_one())


def _months_open(session: Session, months: Sequence[str], at: datetime) -> int:
    """Count the months of a quarter that are not closed and have something in them."""
    closed = set(
        session.scalars(select(Period.name).where(Period.name.in_(months), Period.state == CLOSED))
    )
    return sum(_has_something(session, name, at) for name in months if name not in closed)


def _has_something(session: Session, name: str, at: datetime) -> bool:
    month = stretch(name)
    assert month is not None  # noqa: S101 - a month of a quarter that was read
    return bool(entries_in(session, month) or open_points(session, month, at))


def _time_to_object(session: Session, months: Sequence[str], at: datetime) -> Point:
    """Count what people may still object to, and say until when."""
    objected = exists().where(
        Objection.assignment_id == Hours.assignment_id, Objection.about == Hours.version
    )
    recorded = select(Hours.recorded_at).where(
        _in(months), ~Hours.trial, Hours.recorded_at > at - MOST_DAYS, ~objected
    )
    noted = (
        select(Absence.noted_at)
        .join(Assignment, Assignment.id == Absence.assignment_id)
        .where(
            Absence.month.in_(months),
            Absence.noted_at > at - MOST_DAYS,
            Assignment.state == ABSENT,
            ~exists().where(Objection.assignment_id == Absence.assignment_id),
        )
    )
    versions = policies(session)
    ends = [
        day_after(moment, in_force(versions, local_day(moment)).objection_days)
        for moment in [*session.scalars(recorded), *session.scalars(noted)]
    ]
    ahead = [one for one in ends if one > at]
    return Point("time_to_object", len(ahead), max(ahead, default=None))
