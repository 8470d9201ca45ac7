"""Venues: add, change, archive. Who knows a session knows its venue's name, so a change is told twice."""

from typing import Any

from sqlalchemy.orm import Session as Db

from services.catalog import events
from services.catalog.errors import Archived, VenueTooSmall
from services.catalog.models import Session, Venue
from services.catalog.models.offering import REPAIR
from services.catalog.queries.catalog import one
from services.catalog.queries.sessions import published_ahead
from services.catalog.use_cases.wording import when
from shared import audit
from shared.errors import Stale
from shared.ids import new_id


def add_venue(db: Db, actor_id: str, fields: dict[str, Any]) -> Venue:
    """Add a venue and announce it."""
    venue = Venue(id=new_id(), version=1, state="active", **fields)
    db.add(venue)
    db.flush()
    events.venue_changed(db, venue)
    audit.record(db, actor_id, "venue.add", venue.id)
    return venue


def change_venue(db: Db, actor_id: str, id: str, expected: int, fields: dict[str, Any]) -> Venue:
    """Change a venue; published sessions there are announced again, and must still fit in."""
    venue = one(db, Venue, id, lock=True)
    if venue.version != expected:
        raise Stale
    if venue.state == "archived":
        raise Archived
    for name, value in fields.items():
        setattr(venue, name, value)
    venue.version += 1
    db.flush()
    events.venue_changed(db, venue)
    for session in published_ahead(db, venue.id):
        _check_fits(session, venue)
        session.version += 1
        db.flush()
        events.session_changed(db, session)
    audit.record(db, actor_id, "venue.change", venue.id)
    return venue


def archive_venue(db: Db, actor_id: str, id: str) -> Venue:
    """Offer it no longer for new sessions; archiving twice changes nothing."""
    venue = one(db, Venue, id, lock=True)
    if venue.state == "archived":
        return venue
    venue.state = "archived"
    venue.version += 1
    db.flush()
    events.venue_changed(db, venue)
    audit.record(db, actor_id, "venue.archive", venue.id)
    return venue


def _check_fits(session: Session, venue: Venue) -> None:
    repair = session.kind == REPAIR
    if session.benches > venue.stations if repair else session.seats > venue.seats:
        raise VenueTooSmall(
            title=session.title["zh"],
            title_en=session.title["en"] or session.title["zh"],
            when=when(session.starts_at, session.ends_at, venue.zone),
            benches=session.benches,
            seats=session.seats,
        )
