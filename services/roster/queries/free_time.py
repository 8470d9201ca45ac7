"""When volunteers have time, and what they served, of all of them in a few reads: what proposals ask for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.roster.models import Assignment, ExceptionDay, Hours, Lesson, Profile, WeeklyFree
from services.roster.models.assignment import LIVE
from services.roster.models.intervals import merged, without
from services.roster.models.term import EXAM, HOLIDAY, Term
from services.roster.models.week import USUAL_DAY, WHOLE_DAY, Week, instants
from services.roster.planning.problem import Span
from services.roster.queries import availability

NO_TERM = timedelta(weeks=16)  # how far back hours count where no calendar names a term


def weeks_of(session: Session, people: Collection[str]) -> dict[str, Week]:
    """Return what each of these people said about their time."""
    weekly, lessons = _by_person(session, WeeklyFree, people), _by_person(session, Lesson, people)
    exceptions, profiles = (
        _by_person(session, ExceptionDay, people),
        _by_person(session, Profile, people),
    )
    terms = availability.terms(session)
    return {
        one: Week(
            weekly[one],
            lessons[one],
            exceptions[one],
            terms,
            exam_weeks=any(profile.exam_weeks for profile in profiles[one]),
        )
        for one in people
    }


def free_spans(
    week: Week, days: Iterable[date], place: ZoneInfo, *, unknown_too: bool
) -> tuple[Span, ...]:
    """Return when somebody is free on these days.

    Who never said anything about an ordinary week counts as free in the usual hours of a day, if
    ``unknown_too``: they may be asked, and may decline.
    """
    spans = []
    for on in days:
        day = week.day(on)
        free = day.free
        if unknown_too and not week.known and day.kind not in (HOLIDAY, EXAM):
            free = merged([*without([USUAL_DAY], day.off), *free])
        for stretch in free:
            starts, ends = instants(on, stretch, place)
            if starts < ends:
                spans.append(Span(starts, ends))
    return tuple(spans)


def term_around(session: Session, from_on: date, until_on: date) -> tuple[date, date]:
    """Return the first and last day in which hours are shared out fairly: the term, if there is one."""
    found: Term | None = next(
        (one for one in availability.terms(session) if one.day(from_on) or one.day(until_on)), None
    )
    if found is None:
        return from_on - NO_TERM, until_on
    return min(found.starts_on, from_on), max(found.ends_on, until_on)


def served(
    session: Session, days: tuple[date, date], place: ZoneInfo, but: Collection[str]
) -> dict[str, timedelta]:
    """Return what everybody served in these days or has taken there, but for the shifts ``but``. Trials do not count."""
    begin, end = day_start(days[0], place), day_start(days[1] + timedelta(days=1), place)
    found: dict[str, timedelta] = defaultdict(timedelta)
    recorded = (
        select(Hours.person_id, func.sum(Hours.minutes))
        .where(~Hours.trial, Hours.checked_in_at >= begin, Hours.checked_in_at < end)
        .group_by(Hours.person_id)
    )
    for person_id, minutes in session.execute(recorded):
        found[person_id] += timedelta(minutes=int(minutes))
    ahead = select(Assignment).where(
        Assignment.state.in_(LIVE),
        Assignment.starts_at >= begin,
        Assignment.starts_at < end,
        ~select(Hours.assignment_id).where(Hours.assignment_id == Assignment.id).exists(),
    )
    for row in session.scalars(ahead):
        if row.shift_id not in but:
            found[row.person_id] += row.ends_at - row.starts_at
    return found


def day_start(on: date, place: ZoneInfo) -> datetime:
    """Return the instant at which a day begins somewhere."""
    return instants(on, WHOLE_DAY, place)[0]


def _by_person(session: Session, table: Any, people: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.scalars(select(table).where(table.person_id.in_(people))):
        found[row.person_id].append(row)
    return found
