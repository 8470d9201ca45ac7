"""Saying how the table for the unit's own platform looks."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.roster.models.handover import ONLY, HandoverLayout
from services.roster.queries.handover import layout
from shared import audit
from shared.database import insert_if_absent, one_row
from shared.errors import Stale


def save_layout(
    session: Session, actor: str, expected: int, columns: list[dict[str, Any]]
) -> HandoverLayout:
    """Take over the columns; ``expected`` is the version one has seen, 0 for the usual layout."""
    if expected == 0:
        row = {"id": ONLY, "version": 1, "columns": columns}
        if not insert_if_absent(session, HandoverLayout.__table__, row, key=["id"]):
            raise Stale
    else:
        change = (
            update(HandoverLayout)
            .where(HandoverLayout.id == ONLY, HandoverLayout.version == expected)
            .values(version=HandoverLayout.version + 1, columns=columns)
            .execution_options(synchronize_session=False)
        )
        one_row(session.execute(change), Stale())
    audit.record(session, actor, "handover.layout", ONLY)
    return layout(session)
