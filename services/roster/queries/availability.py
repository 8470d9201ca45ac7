"""Reads of a volunteer's time: their week, their limits, the terms it is read by."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster.models import ExceptionDay, Lesson, Profile, Term, WeeklyFree
from services.roster.models.profile import Limits
from services.roster.models.week import Week


def terms(session: Session) -> Sequence[Term]:
    """Return the terms that are not archived, the newest first."""
    active = select(Term).where(Term.state == "active").order_by(Term.starts_on.desc(), Term.id)
    return session.scalars(active).all()


def term_near(session: Session, on: date) -> Term | None:
    """Return the term of a day, else the next one, else the last one."""
    found = sorted(terms(session), key=lambda term: term.starts_on)
    ahead = [term for term in found if term.ends_on >= on]
    return ahead[0] if ahead else next(reversed(found), None)


def week_of(session: Session, person_id: str) -> Week:
    """Return all that somebody said about their time."""
    return Week(
        weekly=weekly_of(session, person_id),
        lessons=lessons_of(session, person_id),
        exceptions=exceptions_of(session, person_id),
        terms=terms(session),
        exam_weeks=limits_of(session, person_id).exam_weeks,
    )


def weekly_of(session: Session, person_id: str) -> Sequence[WeeklyFree]:
    """Return somebody's weekly hours, from Monday on."""
    mine = select(WeeklyFree).where(WeeklyFree.person_id == person_id)
    return session.scalars(mine.order_by(WeeklyFree.weekday, WeeklyFree.from_minute)).all()


def lessons_of(session: Session, person_id: str) -> Sequence[Lesson]:
    """Return somebody's lessons: weekly ones from Monday on, then those of one date."""
    mine = select(Lesson).where(Lesson.person_id == person_id)
    found = session.scalars(mine).all()
    return sorted(
        found, key=lambda one: (one.weekday or 8, one.on_date or date.min, one.span, one.id)
    )


def exceptions_of(session: Session, person_id: str) -> Sequence[ExceptionDay]:
    """Return somebody's exceptions, the earliest first."""
    mine = select(ExceptionDay).where(ExceptionDay.person_id == person_id)
    ordered = mine.order_by(ExceptionDay.on_date, ExceptionDay.from_minute)
    return session.scalars(ordered).all()


def limits_of(session: Session, person_id: str) -> Limits:
    """Return somebody's limits, the defaults where they set none."""
    return limits_of_all(session, [person_id])[person_id]


def limits_of_all(session: Session, people: Collection[str]) -> dict[str, Limits]:
    """Return the limits of several people in one read."""
    found = session.scalars(select(Profile).where(Profile.person_id.in_(people)))
    set_by = {one.person_id: one.limits for one in found}
    return {person_id: set_by.get(person_id, Limits()) for person_id in people}


def days_from(first: date, many: int) -> list[date]:
    """Return ``many`` days in a row."""
    return [first + timedelta(days=n) for n in range(many)]
