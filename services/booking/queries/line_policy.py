"""Which rules a line is run by: the session's own, the offering's, or the usual ones."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.line_policy import (
    FIELDS,
    OFFERING,
    SESSION,
    USUAL,
    LinePolicy,
    LineRules,
)
from services.booking.models.offering import Offering
from services.booking.models.session import ServiceSession
from services.booking.queries.sessions import known
from shared.errors import NotFound


def rules_of(session: Session, row: ServiceSession) -> LineRules:
    """Return the rules that hold for a session's line."""
    return rules_of_all(session, [row])[row.id]


def rules_of_all(session: Session, rows: Iterable[ServiceSession]) -> dict[str, LineRules]:
    """Return the rules of several sessions by id; one statement."""
    found = list(rows)
    ids = {row.id for row in found} | {row.offering_id for row in found}
    wanted = select(LinePolicy).where(LinePolicy.id.in_(ids))
    set_ = {one.id: one.rules for one in session.scalars(wanted)}
    return {row.id: set_.get(row.id) or set_.get(row.offering_id) or USUAL for row in found}


def shown(session: Session, kind: str, id: str) -> dict[str, Any]:
    """Return the policy of a session or an offering: its own figures (`own`), or what holds instead."""
    own = session.get(LinePolicy, id)
    title, instead = _owner(session, kind, id)
    rules = own.rules if own else instead
    figures = {name: getattr(rules, name) for name in FIELDS}
    version = own.version if own else 0
    return {
        "id": id,
        "kind": kind,
        "title": title,
        "own": own is not None,
        "version": version,
    } | figures


def _owner(session: Session, kind: str, id: str) -> tuple[dict[str, str], LineRules]:
    if kind == SESSION:
        row = known(session, id)
        usual = session.get(LinePolicy, row.offering_id)
        return row.title, usual.rules if usual else USUAL
    offering = session.get(Offering, id) if kind == OFFERING else None
    if offering is None:
        raise NotFound
    return offering.title, USUAL
