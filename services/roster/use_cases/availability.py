"""What volunteers say about their time: weekly hours, days that differ, limits."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.roster.errors import NoSuchEntry, NotAVolunteer, TimesOverlap, TooManyEntries
from services.roster.models import ExceptionDay, Profile, Term, Volunteer, WeeklyFree
from services.roster.models.intervals import merged
from services.roster.models.volunteer import ACTIVE
from services.roster.models.week import Span
from shared import audit
from shared.database import insert_for, insert_if_absent, one_row, suite_time, upsert_by_version
from shared.ids import new_id

ZONE = ZoneInfo("Asia/Shanghai")  # the centre's; what people say of their days is said there
MOST_EXCEPTIONS = 100
KEPT_DAYS = 30  # exceptions are forgotten so long after their day
_BLIND = {"synchronize_session": False}


def know_volunteer(session: Session, person_id: str) -> None:
    """Enter a person by their token, whose registration has not reached the roster yet."""
    values = {"person_id": person_id, "version": 0, "active": True, "state": ACTIVE}
    insert_if_absent(session, Volunteer, values, key=["person_id"])


def enter_volunteer(session: Session, person_id: str) -> None:
    """Lock a volunteer for a change of what is theirs; raise ``NotAVolunteer``."""
    know_volunteer(session, person_id)
    one_row(session.execute(Volunteer.enter(person_id)), NotAVolunteer())


def put_weekly(session: Session, person_id: str, hours: Mapping[int, Sequence[Span]]) -> None:
    """Replace somebody's weekly hours, given as stretches by ISO weekday; seams are closed."""
    enter_volunteer(session, person_id)
    mine = WeeklyFree.person_id == person_id
    session.execute(delete(WeeklyFree).where(mine).execution_options(**_BLIND))
    rows = [
        {"person_id": person_id, "weekday": weekday, "from_minute": start, "to_minute": end}
        for weekday, spans in sorted(hours.items())
        for start, end in merged(spans)
    ]
    if rows:
        session.execute(insert(WeeklyFree), rows)
    audit.record(session, person_id, "availability.weekly", person_id)


def add_exception(
    session: Session, person_id: str, on_date: date, kind: str, span: Span
) -> ExceptionDay:
    """Note a day, or some hours of it, that differ from the week.

    Raises ``TimesOverlap`` where another entry speaks of the same hours, ``TooManyEntries``.
    """
    enter_volunteer(session, person_id)
    _forget_past(session, person_id)
    count = select(func.count(ExceptionDay.id)).where(ExceptionDay.person_id == person_id)
    if session.execute(count).scalar_one() >= MOST_EXCEPTIONS:
        raise TooManyEntries(most=MOST_EXCEPTIONS)
    row = {"id": new_id(), "person_id": person_id, "on_date": on_date, "kind": kind}
    times = {"from_minute": span[0], "to_minute": span[1]}
    try:
        with session.begin_nested():
            session.execute(insert(ExceptionDay).values(**row, **times))
    except IntegrityError as problem:
        raise TimesOverlap from problem
    audit.record(session, person_id, "availability.exception", str(row["id"]))
    return session.get_one(ExceptionDay, row["id"])


def remove_exception(session: Session, person_id: str, entry_id: str) -> None:
    """Take an exception back; raise ``NoSuchEntry``, also for other people's."""
    mine = delete(ExceptionDay).where(
        ExceptionDay.id == entry_id, ExceptionDay.person_id == person_id
    )
    one_row(session.execute(mine.execution_options(**_BLIND)), NoSuchEntry())
    audit.record(session, person_id, "availability.exception_removed", entry_id)


def put_limits(session: Session, person_id: str, values: dict[str, Any]) -> Profile:
    """Replace somebody's limits; shifts that they have stay, also beyond the new limits."""
    enter_volunteer(session, person_id)
    write_profile(session, person_id, values)
    audit.record(session, person_id, "availability.limits", person_id)
    return session.get_one(Profile, person_id, populate_existing=True)


def write_profile(session: Session, person_id: str, values: dict[str, Any]) -> None:
    """Write some columns of a volunteer's profile, whether or not they have one."""
    statement = insert_for(session, Profile.__table__).values(person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))


def take_term(session: Session, term_id: str, version: int, values: dict[str, Any]) -> None:
    """Keep what catalog says of a term."""
    upsert_by_version(session, Term, term_id, version, values)


def _forget_past(session: Session, person_id: str) -> None:
    since = suite_time(session).astimezone(ZONE).date() - timedelta(days=KEPT_DAYS)
    past = delete(ExceptionDay).where(
        ExceptionDay.person_id == person_id, ExceptionDay.on_date < since
    )
    session.execute(past.execution_options(**_BLIND))
