"""Reads of sessions: one, a page of them, the rest of a series, what stands in the way."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Db

from services.catalog.errors import NoSuchSession
from services.catalog.models import Session
from services.catalog.models.session import ALL, DRAFT, PUBLISHED, THIS
from shared.clock import now
from shared.pagination import Page, page

MOST_OF_A_PROGRAMME = 500


def session_by_id(db: Db, id: str, *, staff: bool = True) -> Session:
    """Return a session; drafts and what was never published exist for staff only."""
    found = db.get(Session, id)
    if found is None or not (staff or found.published_at):
        raise NoSuchSession
    return found


def sessions_page(
    db: Db,
    *,
    staff: bool,
    cursor: str | None,
    limit: int,
    from_: datetime | None = None,
    to: datetime | None = None,
    **equal: str | None,
) -> Page:
    """Return a page of the sessions that run between two instants, in the order of their start."""
    statement = select(Session)
    if not staff:
        statement = statement.where(Session.published_at.is_not(None))
    if from_:
        statement = statement.where(Session.ends_at > from_)
    if to:
        statement = statement.where(Session.starts_at < to)
    for name, value in equal.items():
        if value is not None:
            statement = statement.where(getattr(Session, name) == value)
    return page(db, statement, [Session.starts_at, Session.id], cursor=cursor, limit=limit)


def sessions_of_programme(db: Db, programme_id: str, *, staff: bool) -> list[Session]:
    """Return a programme's sessions in the order of their start."""
    statement = select(Session).where(Session.programme_id == programme_id)
    if not staff:
        statement = statement.where(Session.published_at.is_not(None))
    ordered = statement.order_by(Session.starts_at, Session.id).limit(MOST_OF_A_PROGRAMME)
    return list(db.scalars(ordered))


def sessions_in_scope(db: Db, session: Session, scope: str) -> list[Session]:
    """Return the sessions that an act on ``session`` is about, locked, in the order of their start.

    In a series these are, beside the session itself, the ones that are neither cancelled nor over.
    """
    ids = select(Session.id).where(_scope(session, scope))
    rows = select(Session).where(Session.id.in_(ids)).order_by(Session.id)
    locked = rows.with_for_update(of=Session).execution_options(populate_existing=True)
    return sorted(db.scalars(locked), key=lambda found: (found.starts_at, found.id))


def venue_ids_in_scope(db: Db, session: Session, scope: str) -> set[str]:
    """Return the venues of the sessions that an act on ``session`` is about."""
    return set(db.scalars(select(Session.venue_id).where(_scope(session, scope))))


def in_the_way_of(db: Db, id: str, venue_id: str, starts: datetime, ends: datetime) -> Session:
    """Return the published session that overlaps these times at this venue."""
    statement: Select[Any] = (
        select(Session)
        .where(
            Session.venue_id == venue_id,
            Session.state == PUBLISHED,
            Session.id != id,
            Session.starts_at < ends,
            Session.ends_at > starts,
        )
        .order_by(Session.starts_at)
        .limit(1)
    )
    found: Session = db.scalars(statement).one()
    return found


def published_ahead(db: Db, venue_id: str) -> list[Session]:
    """Return the published sessions at a venue that are not over, locked, by id."""
    statement = (
        select(Session)
        .where(Session.venue_id == venue_id, Session.state == PUBLISHED, Session.ends_at > now())
        .order_by(Session.id)
        .with_for_update(of=Session)
    )
    return list(db.scalars(statement))


def _scope(session: Session, scope: str) -> Any:
    itself = Session.id == session.id
    if scope == THIS or session.series_id is None:
        return itself
    alive = (
        (Session.series_id == session.series_id)
        & Session.state.in_((DRAFT, PUBLISHED))
        & (Session.ends_at > now())
    )
    return itself | (alive if scope == ALL else alive & (Session.position >= session.position))
