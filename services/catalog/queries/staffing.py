"""Reads of staffing templates and of changes to many sessions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from services.catalog.errors import NoSuchSession, NoSuchStaffingChange, NoSuchTemplate
from services.catalog.models import Session, StaffingChange, StaffingTemplate
from shared.pagination import Page, page

LAST = 20


def templates(db: Db, state: str | None, cursor: str | None, limit: int) -> Page:
    """Return a page of templates."""
    wanted = select(StaffingTemplate)
    if state:
        wanted = wanted.where(StaffingTemplate.state == state)
    return page(db, wanted, [StaffingTemplate.id], cursor=cursor, limit=limit)


def template_by_id(db: Db, id: str, *, lock: bool = False) -> StaffingTemplate:
    """Return one template."""
    found = db.get(StaffingTemplate, id, with_for_update=lock or None)
    if found is None:
        raise NoSuchTemplate
    return found


def last_changes(db: Db) -> Sequence[StaffingChange]:
    """Return the last changes, the newest first."""
    newest = select(StaffingChange).order_by(StaffingChange.made_at.desc(), StaffingChange.id)
    return db.scalars(newest.limit(LAST)).all()


def change_by_id(db: Db, id: str) -> StaffingChange:
    """Return one change."""
    found = db.get(StaffingChange, id)
    if found is None:
        raise NoSuchStaffingChange
    return found


def sessions_by_id(db: Db, ids: Sequence[str], *, lock: bool = False) -> list[Session]:
    """Return these sessions in the order of their start; locked in that of their ids."""
    wanted = select(Session).where(Session.id.in_(ids)).order_by(Session.id)
    if lock:
        wanted = wanted.with_for_update(of=Session)
    found = db.scalars(wanted.execution_options(populate_existing=True)).all()
    if len(found) < len(set(ids)):
        raise NoSuchSession
    return sorted(found, key=lambda one: (one.starts_at, one.id))
