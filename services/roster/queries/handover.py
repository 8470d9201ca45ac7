"""Reads for the table that goes to the unit's own platform: its layout, and every service between two days."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, Hours
from services.roster.models.handover import ONLY, USUAL, HandoverLayout
from services.roster.queries.records import between
from shared.pagination import Page, page


def layout(session: Session) -> HandoverLayout:
    """Return the layout that holds: the one that was saved, else the usual one as version 0."""
    found = session.get(HandoverLayout, ONLY, populate_existing=True)
    return found or HandoverLayout(id=ONLY, version=0, columns=[dict(one) for one in USUAL])


def lines(session: Session, first: date, last: date, **which: Any) -> Page:
    """Return a page of what was served from ``first`` to ``last``, both included, without trials."""
    statement = (
        select(Hours)
        .where(between(first, last), ~Hours.trial, Hours.minutes > 0)
        .options(
            joinedload(Hours.assignment).joinedload(Assignment.session),
            joinedload(Hours.assignment).joinedload(Assignment.shift),
        )
    )
    return page(session, statement, [Hours.checked_in_at, Hours.assignment_id], **which)
