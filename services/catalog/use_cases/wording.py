"""How catalog's refusals name a time, and a taken venue."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db

from services.catalog.errors import VenueTaken
from services.catalog.models import Session
from services.catalog.models.plan import Plan, wall
from services.catalog.queries.sessions import in_the_way_of

OVERLAP = "ex_session_venue_overlap"


def when(starts: datetime, ends: datetime, zone: str) -> str:
    """Return a stretch of time as a clock at the venue shows it."""
    begin, end = wall(starts, zone), wall(ends, zone)
    return f"{begin:%Y-%m-%d %H:%M}–{end:%H:%M}"


def write_or_refuse(db: Db, session: Session, plan: Plan, change: Callable[[], None]) -> None:
    """Do ``change`` to a session that follows ``plan``; where the venue is taken, say by what.

    The change stands in a savepoint, so that the transaction can still be asked who is in the way.
    """
    session_id = session.id
    try:
        with db.begin_nested():
            change()
            db.flush()
    except IntegrityError as problem:
        if OVERLAP not in str(problem.orig):
            raise
        other = in_the_way_of(db, session_id, plan.venue_id, plan.starts_at, plan.ends_at)
        texts = {
            "venue": other.venue.name["zh"],
            "venue_en": other.venue.name["en"] or other.venue.name["zh"],
            "title": other.title["zh"],
            "title_en": other.title["en"] or other.title["zh"],
            "when": when(other.starts_at, other.ends_at, other.zone),
        }
        field = (VenueTaken.zh.format(**texts), VenueTaken.en.format(**texts))
        raise VenueTaken(fields={"starts_at": field}, **texts) from problem
