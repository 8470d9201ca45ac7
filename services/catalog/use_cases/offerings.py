"""Offerings: add, change, archive."""

from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import Archived, KindStays
from services.catalog.models import Offering
from services.catalog.queries.catalog import one
from shared import audit
from shared.errors import Stale
from shared.ids import new_id


def add_offering(db: Db, actor_id: str, fields: dict[str, Any]) -> Offering:
    """Add an offering and announce it."""
    offering = Offering(id=new_id(), version=1, state="active", **{"staffing": [], **fields})
    db.add(offering)
    db.flush()
    events.offering_changed(db, offering)
    audit.record(db, actor_id, "offering.add", offering.id)
    return offering


def change_offering(
    db: Db, actor_id: str, id: str, expected: int, fields: dict[str, Any]
) -> Offering:
    """Change an offering; sessions that are published keep the policies they were published with."""
    offering = _changeable(db, id, expected)
    if fields["kind"] != offering.kind:
        raise KindStays
    for name, value in fields.items():
        setattr(offering, name, value)
    return _changed(db, actor_id, offering, "offering.change")


def archive_offering(db: Db, actor_id: str, id: str) -> Offering:
    """Offer it no longer for new sessions; archiving twice changes nothing."""
    offering = one(db, Offering, id, lock=True)
    if offering.state == "archived":
        return offering
    offering.state = "archived"
    return _changed(db, actor_id, offering, "offering.archive")


def _changeable(db: Db, id: str, expected: int) -> Offering:
    offering = one(db, Offering, id, lock=True)
    if offering.version != expected:
        raise Stale
    if offering.state == "archived":
        raise Archived
    return offering


def _changed(db: Db, actor_id: str, offering: Offering, act: str) -> Offering:
    offering.version += 1
    db.flush()
    events.offering_changed(db, offering)
    audit.record(db, actor_id, act, offering.id)
    return offering
