"""Reads of offerings, venues and programmes."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from services.catalog.errors import NoSuchOffering, NoSuchProgramme, NoSuchVenue
from services.catalog.models import Offering, Programme, Venue
from shared.errors import NotFound
from shared.pagination import Page, page

Thing = TypeVar("Thing", Offering, Venue, Programme)
MISSING: dict[type[Any], type[NotFound]] = {
    Offering: NoSuchOffering,
    Venue: NoSuchVenue,
    Programme: NoSuchProgramme,
}


def one(db: Db, kind: type[Thing], id: str, *, lock: bool = False) -> Thing:
    """Return the offering, venue or programme with this id; where there is none, say so."""
    found = db.get(kind, id, with_for_update=lock or None)
    if found is None:
        raise MISSING[kind]
    return found


def every(
    db: Db, kind: type[Thing], /, state: str | None, cursor: str | None, limit: int, **equal: Any
) -> Page:
    """Return a page of offerings, venues or programmes in one state (None: any)."""
    statement = select(kind)
    for name, value in {"state": state, **equal}.items():
        if value is not None:
            statement = statement.where(getattr(kind, name) == value)
    return page(db, statement, [kind.id], cursor=cursor, limit=limit)


def lock_venues(db: Db, ids: set[str]) -> None:
    """Lock venues in the order of their ids, so that who plans at one venue waits for the other."""
    statement = select(Venue.id).where(Venue.id.in_(ids)).order_by(Venue.id).with_for_update()
    db.execute(statement).all()
