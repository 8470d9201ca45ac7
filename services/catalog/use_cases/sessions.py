"""What happens to a planned session: it is changed, published, cancelled; alone or with its series."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import AlreadyCancelled, AlreadyOver, NotADraft, OfferingStays
from services.catalog.models import Session, Venue
from services.catalog.models.edit import Edit
from services.catalog.models.plan import Plan, check_plan
from services.catalog.models.session import CANCELLED, DRAFT, THIS
from services.catalog.queries.catalog import lock_venues, one
from services.catalog.queries.sessions import (
    session_by_id,
    sessions_in_scope,
    venue_ids_in_scope,
)
from services.catalog.use_cases.planning import planned, usable_parts
from services.catalog.use_cases.wording import write_or_refuse
from shared import audit
from shared.clock import now
from shared.database import one_row
from shared.errors import Stale


def publish_session(db: Db, actor_id: str, id: str, scope: str) -> tuple[Session, int]:
    """Publish a draft, with the drafts of its series in ``scope``; return it and how many."""
    session, found = _locked(db, id, scope)
    drafts = [one for one in found if one.state == DRAFT]
    if session.state == DRAFT and session.ends_at <= now():
        raise AlreadyOver
    if not drafts or (scope == THIS and session.state != DRAFT):
        raise NotADraft
    for draft in drafts:
        check_plan(draft.plan, draft.offering, draft.venue)
        write_or_refuse(db, draft, draft.plan, draft.publish)
        events.session_published(db, draft)
        audit.record(db, actor_id, "session.publish", draft.id)
    return session, len(drafts)


def cancel_session(
    db: Db, actor_id: str, id: str, reason: dict[str, str], scope: str
) -> tuple[Session, int]:
    """Cancel a session, with those of its series in ``scope``; return it and how many."""
    session, found = _locked(db, id, scope)
    if scope == THIS or session.series_id is None:
        session.check_changeable()
    alive = [one for one in found if one.state != CANCELLED and one.ends_at > now()]
    if not alive:
        raise AlreadyCancelled
    for one_of_them in alive:
        _cancel(db, one_of_them, reason)
        audit.record(db, actor_id, "session.cancel", one_of_them.id)
    return session, len(alive)


def change_session(
    db: Db, actor_id: str, id: str, expected: int, asked: dict[str, Any], *, scope: str
) -> tuple[Session, int]:
    """Change a session and, in ``scope``, what was changed about it in its series too.

    Only what differs from before reaches the others. Times move by the same distance on the wall;
    an occurrence that was moved by itself keeps its own times and venue.
    """
    session, found = _locked(db, id, scope, {asked["venue_id"]})
    if session.version != expected:
        raise Stale
    session.check_changeable()
    if asked["offering_id"] != session.offering_id:
        raise OfferingStays
    parts = usable_parts(db, asked, session)
    kept = {"staffing": _kept_staffing(session, asked), **asked, **_kept_opening(session, asked)}
    plan = planned(parts, kept, fresh=session.next_position)
    edit = Edit.between(session.plan, plan, session.zone)
    alone = scope == THIS and session.series_id is not None
    detached = alone and edit.is_of_time
    backwards = edit.moved > timedelta(0)  # so that none lies over the next one on the way
    for one_of_them in sorted(found, key=lambda each: each.starts_at, reverse=backwards):
        if one_of_them is session:
            _take_over(db, actor_id, session, plan, parts.venue, detached=detached)
        else:
            _carry_over(db, actor_id, one_of_them, edit)
    return session, len(found)


def _carry_over(db: Db, actor_id: str, session: Session, edit: Edit) -> None:
    plan = edit.done_to(
        session.plan, session.zone, detached=session.detached, fresh=session.next_position
    )
    if plan is None:
        return
    venue = one(db, Venue, plan.venue_id)
    check_plan(plan, session.offering, venue)
    _take_over(db, actor_id, session, plan, venue)


def _take_over(
    db: Db, actor_id: str, session: Session, plan: Plan, venue: Venue, *, detached: bool = False
) -> None:
    write_or_refuse(db, session, plan, lambda: session.follow(plan, venue))
    session.detached = session.detached or detached
    db.flush()
    if session.is_published:
        events.session_changed(db, session)
    audit.record(db, actor_id, "session.change", session.id)


def _kept_opening(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    """Return how it opens, as it is for who did not speak of it."""
    said = asked.get("opens_when_staffed")
    return {
        "opening": asked.get("opening") or session.opening,
        "opens_when_staffed": session.opens_when_staffed if said is None else said,
    }


def _kept_staffing(session: Session, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the staffing as it is, moved along with the start, for who did not speak of it."""
    moved = session.plan.at(asked["starts_at"], session.zone)
    return [
        {**vars(need), "ends_at": min(need.ends_at, asked["ends_at"])} for need in moved.staffing
    ]


def _cancel(db: Db, session: Session, reason: dict[str, str]) -> None:
    was_published = session.is_published
    result = db.execute(
        update(Session)
        .where(Session.id == session.id, Session.state == session.state)
        .values(state=CANCELLED, reason=reason, version=session.version + 1)
        .execution_options(synchronize_session=False)
    )
    one_row(result, AlreadyCancelled())
    db.refresh(session)
    if was_published:
        events.session_cancelled(db, session)


def _locked(
    db: Db, id: str, scope: str, venues: set[str] | None = None
) -> tuple[Session, list[Session]]:
    """Lock venues first, then sessions, each in the order of their ids."""
    session = session_by_id(db, id)
    lock_venues(db, venue_ids_in_scope(db, session, scope) | (venues or set()))
    found = sessions_in_scope(db, session, scope)
    return session, found
