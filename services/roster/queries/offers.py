"""Reads of offers: one, mine, those of a session, those whose time is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from services.roster.models import Assignment, Offer, OfferRound, Shift
from services.roster.models.offer import OFFERED, RUNNING
from shared.database import suite_now

MOST_DUE = 200


def offer(session: Session, offer_id: str) -> Offer | None:
    """Return one offer with its shift and session, as it stands now."""
    statement = _whole().where(Offer.id == offer_id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def offers_to(session: Session, person_id: str, at: datetime) -> Sequence[Offer]:
    """Return what is offered to somebody and in time, the nearest deadline first."""
    mine = _whole().where(
        Offer.person_id == person_id, Offer.state == OFFERED, Offer.expires_at > at
    )
    return session.scalars(mine.order_by(Offer.expires_at, Offer.id)).all()


def offers_of_session(session: Session, session_id: str) -> Sequence[Offer]:
    """Return all offers of a session, the newest first."""
    statement = _whole().where(Offer.session_id == session_id)
    return session.scalars(statement.order_by(Offer.made_at.desc(), Offer.id)).all()


def open_offers(session: Session, *conditions: Any) -> Sequence[Offer]:
    """Return the open offers that meet the conditions, by session and id."""
    statement = _whole().where(Offer.state == OFFERED, *conditions)
    ordered = statement.order_by(Offer.session_id, Offer.id)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def due_offers(session: Session) -> Sequence[Offer]:
    """Return open offers whose time is over."""
    due = select(Offer).where(Offer.state == OFFERED, Offer.expires_at <= suite_now())
    return session.scalars(due.order_by(Offer.session_id, Offer.id).limit(MOST_DUE)).all()


def asked_since(session: Session, shift_id: str, since: datetime) -> dict[str, str]:
    """Return who was asked for a shift since a moment, and what became of it."""
    rows = session.execute(
        select(Offer.person_id, Offer.state)
        .where(Offer.shift_id == shift_id, Offer.made_at >= since)
        .order_by(Offer.made_at)
    )
    return dict(rows.tuples().all())


def rounds_of_session(session: Session, session_id: str) -> dict[str, OfferRound]:
    """Return the rounds of a session's shifts, by shift."""
    statement = (
        select(OfferRound)
        .join(Shift, Shift.id == OfferRound.shift_id)
        .where(Shift.session_id == session_id)
    )
    return {one.shift_id: one for one in session.scalars(statement)}


def running_rounds(session: Session) -> list[str]:
    """Return the shifts that are being filled by asking."""
    statement = select(OfferRound.shift_id).where(OfferRound.state.in_(RUNNING))
    return list(session.scalars(statement.order_by(OfferRound.shift_id)))


def _whole() -> Select[tuple[Offer]]:
    returned = joinedload(Offer.returned)
    return select(Offer).options(
        joinedload(Offer.shift),
        joinedload(Offer.session),
        returned.joinedload(Assignment.shift),
        returned.joinedload(Assignment.session),
    )
