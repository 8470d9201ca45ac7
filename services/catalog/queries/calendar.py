"""Reads of the calendar: its terms, and what it says of a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from services.catalog.errors import NoSuchTerm
from services.catalog.models import Term
from services.catalog.models.term import Day


def terms(db: Db, state: str | None = "active") -> Sequence[Term]:
    """Return the terms, the latest first."""
    wanted = select(Term).order_by(Term.starts_on.desc(), Term.id)
    return db.scalars(wanted.where(Term.state == state) if state else wanted).all()


def term_by_id(db: Db, id: str) -> Term:
    """Return one term."""
    found = db.get(Term, id)
    if found is None:
        raise NoSuchTerm
    return found


def day_of(found: Sequence[Term], on: date) -> Day | None:
    """Return what these terms say of a day; None in no term."""
    return next((day for term in found if (day := term.day(on))), None)
