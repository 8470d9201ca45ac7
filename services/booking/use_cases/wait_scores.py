"""Scoring, once a session is over, the waiting ranges that people were told in it."""

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking.models.session import ServiceSession
from services.booking.models.visit import Visit
from services.booking.models.wait_score import WaitScore
from services.booking.queries.wait_scores import Told, mean_width, naive_width, share_inside
from shared.database import insert_if_absent, suite_time

AFTER = timedelta(hours=4)  # by then the line has been worked off
LOOKS_BACK = timedelta(days=30)
AT_ONCE = 50


def score_sessions(session: Session) -> int:
    """Score the repair sessions that ended some hours ago and have no score yet; return how many."""
    at = suite_time(session)
    over = (
        select(ServiceSession)
        .where(ServiceSession.kind == "repair", ~ServiceSession.trial)
        .where(ServiceSession.ends_at < at - AFTER, ServiceSession.ends_at > at - LOOKS_BACK)
        .where(~exists().where(WaitScore.session_id == ServiceSession.id))
        .order_by(ServiceSession.ends_at, ServiceSession.id)
        .limit(AT_ONCE)
    )
    found = session.scalars(over).all()
    return sum(_score(session, row) for row in found)


def _score(session: Session, row: ServiceSession) -> bool:
    statement = select(Visit.told_low, Visit.told_high, Visit.waited).where(
        Visit.session_id == row.id
    )
    waits = session.execute(statement).all()
    told = [
        Told(low, high, waited)
        for low, high, waited in waits
        if low is not None and high is not None and waited is not None
    ]
    values = {
        "session_id": row.id,
        "offering_id": row.offering_id,
        "starts_at": row.starts_at,
        "told": len(told),
        "inside": round(share_inside(told) * len(told)),
        "untold": sum(low is None for low, _, _ in waits),
        "width": mean_width(told),
        "naive_width": naive_width(told),
        "scored_at": suite_time(session),
    }
    return insert_if_absent(session, WaitScore, values, key=["session_id"])
