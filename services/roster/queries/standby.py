"""Reads of standby lists: whose they are, who is on one, where a place lies free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.roster.models import Shift, Standby
from services.roster.models.shift import OPEN
from shared.database import suite_now


def standby_of(session: Session, person_id: str) -> frozenset[str]:
    """Return the shifts for which somebody stands by."""
    mine = select(Standby.shift_id).where(Standby.person_id == person_id)
    return frozenset(session.scalars(mine))


def standing_by(session: Session, shift_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return who stands by for several shifts, the earliest first."""
    rows = session.execute(
        select(Standby.shift_id, Standby.person_id)
        .where(Standby.shift_id.in_(list(shift_ids)))
        .order_by(Standby.since, Standby.person_id)
    ).tuples()
    found: dict[str, list[str]] = defaultdict(list)
    for shift_id, person_id in rows:
        found[shift_id].append(person_id)
    return found


def with_free_place(session: Session) -> Sequence[tuple[str, str]]:
    """Return (session, shift) of the shifts ahead that have a free place and somebody who stands by."""
    statement = (
        select(Shift.session_id, Shift.id)
        .where(
            Shift.id.in_(select(Standby.shift_id)),
            Shift.state == OPEN,
            Shift.has_place(),
            Shift.starts_at > suite_now(),
        )
        .order_by(Shift.session_id, Shift.id)
    )
    return session.execute(statement).tuples().all()
