"""Reads of hours: a person's, and their total without trials."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, Hours
from shared.pagination import Page, page


def hours_of(
    session: Session, person_id: str | None, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return one page of hours, newest first; of everybody where no person is named."""
    statement = select(Hours).options(
        joinedload(Hours.assignment).joinedload(Assignment.session),
        joinedload(Hours.assignment).joinedload(Assignment.shift),
    )
    if person_id is not None:
        statement = statement.where(Hours.person_id == person_id)
    keys = [Hours.checked_in_at, Hours.assignment_id]
    return page(session, statement, keys, cursor, limit, descending=True)


def total_minutes(session: Session, person_id: str | None) -> int:
    """Return the minutes served in all, trials left out."""
    statement = select(func.coalesce(func.sum(Hours.minutes), 0)).where(~Hours.trial)
    if person_id is not None:
        statement = statement.where(Hours.person_id == person_id)
    return int(session.execute(statement).scalar_one())


def minutes_by_assignment(session: Session, assignment_ids: list[str]) -> dict[str, int]:
    """Return the recorded minutes of several assignments in one read."""
    rows = session.execute(
        select(Hours.assignment_id, Hours.minutes).where(Hours.assignment_id.in_(assignment_ids))
    )
    return {row.assignment_id: row.minutes for row in rows}
