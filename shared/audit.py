"""The audit trail: who did what to which thing, ids only, sealed into a hash chain afterwards."""

import hashlib
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from shared.clock import iso, now
from shared.database import Database
from shared.tables import audit

BATCH = 500


def record(session: Session, actor: str, action: str, subject: str) -> None:
    """Note an act in the transaction that does it."""
    session.execute(
        insert(audit).values(actor=actor, action=action, subject=subject, recorded_at=now())
    )


def seal(database: Database) -> int:
    """Seal the rows that are not sealed yet, each with the seal before it; return how many.

    Runs in one process at a time (a timer of the service's worker). A row changed or removed
    afterwards breaks the chain from there on, which ``broken_at`` finds.
    """
    with database.transaction() as session:
        last = session.execute(
            select(audit.c.seal)
            .where(audit.c.seal.is_not(None))
            .order_by(audit.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        rows = session.execute(
            select(audit).where(audit.c.seal.is_(None)).order_by(audit.c.id).limit(BATCH)
        ).all()
        for row in rows:
            last = _link(last, row)
            session.execute(update(audit).where(audit.c.id == row.id).values(seal=last))
        return len(rows)


def broken_at(session: Session) -> int | None:
    """Return the id of the first row whose seal does not follow from the one before, or None."""
    last: str | None = None
    rows = session.execute(select(audit).where(audit.c.seal.is_not(None)).order_by(audit.c.id))
    for row in rows:
        last = _link(last, row)
        if last != row.seal:
            return int(row.id)
    return None


def _link(before: str | None, row: Row[Any]) -> str:
    recorded = iso(row.recorded_at)
    parts = [before or "", str(row.id), row.actor, row.action, row.subject, recorded]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
