"""Programmes: add, change, archive."""

from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import Archived
from services.catalog.models import Programme
from services.catalog.queries.catalog import one
from shared import audit
from shared.errors import Stale
from shared.ids import new_id


def add_programme(db: Db, actor_id: str, fields: dict[str, Any]) -> Programme:
    """Add a programme and announce it."""
    programme = Programme(id=new_id(), version=1, state="active", **fields)
    db.add(programme)
    db.flush()
    events.programme_changed(db, programme)
    audit.record(db, actor_id, "programme.add", programme.id)
    return programme


def change_programme(
    db: Db, actor_id: str, id: str, expected: int, fields: dict[str, Any]
) -> Programme:
    """Change a programme."""
    programme = one(db, Programme, id, lock=True)
    if programme.version != expected:
        raise Stale
    if programme.state == "archived":
        raise Archived
    for name, value in fields.items():
        setattr(programme, name, value)
    return _changed(db, actor_id, programme, "programme.change")


def archive_programme(db: Db, actor_id: str, id: str) -> Programme:
    """Offer it no longer for new sessions; archiving twice changes nothing."""
    programme = one(db, Programme, id, lock=True)
    if programme.state == "archived":
        return programme
    programme.state = "archived"
    return _changed(db, actor_id, programme, "programme.archive")


def _changed(db: Db, actor_id: str, programme: Programme, act: str) -> Programme:
    programme.version += 1
    db.flush()
    events.programme_changed(db, programme)
    audit.record(db, actor_id, act, programme.id)
    return programme
