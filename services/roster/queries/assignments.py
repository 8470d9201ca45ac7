"""Reads of assignments: one, mine, those of a session's shifts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Select, and_, func, not_, select, true
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment
from services.roster.models.assignment import BY_SELF, DROPPED, LIVE
from services.roster.models.session import GRACE
from shared.pagination import Page, page

UPCOMING, PAST = "upcoming", "past"


def assignment(session: Session, assignment_id: str) -> Assignment | None:
    """Return one assignment with its shift and session, as it stands now."""
    statement = _whole().where(Assignment.id == assignment_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def assignments_of(
    session: Session,
    person_id: str,
    at: datetime,
    *,
    when: str = UPCOMING,
    from_: datetime | None = None,
    to: datetime | None = None,
    session_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return one page of a person's assignments: live ones not over, the rest (latest first), or all.

    Between ``from_`` and ``to`` (each may be open) means: running at some moment in between.
    """
    ahead = and_(Assignment.state.in_(LIVE), Assignment.ends_at > at - GRACE)
    wanted = {UPCOMING: ahead, PAST: not_(ahead)}
    statement = _whole().where(Assignment.person_id == person_id, wanted.get(when, true()))
    if from_ is not None:
        statement = statement.where(Assignment.ends_at > from_)
    if to is not None:
        statement = statement.where(Assignment.starts_at < to)
    if session_id:
        statement = statement.where(Assignment.session_id == session_id)
    keys = [Assignment.starts_at, Assignment.id]
    return page(session, statement, keys, cursor, limit, descending=when == PAST)


def by_shift(session: Session, shift_ids: Iterable[str]) -> dict[str, list[Assignment]]:
    """Return the assignments of several shifts, in the order in which they were accepted."""
    statement = (
        _whole()
        .where(Assignment.shift_id.in_(list(shift_ids)))
        .order_by(Assignment.accepted_at, Assignment.id)
    )
    found: dict[str, list[Assignment]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.shift_id].append(row)
    return found


def forgotten(session: Session, at: datetime, limit: int = 100) -> list[Assignment]:
    """Return who checked in, and had not checked out when the time for it was over."""
    statement = (
        select(Assignment)
        .where(
            Assignment.state == "attended",
            Assignment.checked_out_at.is_(None),
            Assignment.ends_at < at - GRACE,
        )
        .order_by(Assignment.session_id, Assignment.id)
        .limit(limit)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def dropped_late(session: Session, at: datetime, days: int, limit: int = 200) -> list[Assignment]:
    """Return what volunteers dropped late within the last ``days``, the newest first."""
    statement = (
        _whole()
        .where(
            Assignment.dropped_at > at - timedelta(days=days),
            Assignment.state == DROPPED,
            Assignment.changed_by == BY_SELF,
        )
        .order_by(Assignment.dropped_at.desc(), Assignment.id)
    )
    late = (row for row in session.scalars(statement) if row.dropped_late)
    return list(islice(late, limit))


def audience(session: Session, session_id: str) -> int:
    """Count the people who would be told of a change of the session."""
    statement = select(func.count(Assignment.person_id.distinct())).where(
        Assignment.session_id == session_id, Assignment.state.in_(LIVE)
    )
    return session.execute(statement).scalar_one()


def _whole() -> Select[tuple[Assignment]]:
    return select(Assignment).options(joinedload(Assignment.shift), joinedload(Assignment.session))
