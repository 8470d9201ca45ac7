"""Telling people who drew no place how they stand now."""

from typing import Any

from sqlalchemy.orm import Session

from services.notify.use_cases.sessions import known_session
from services.notify.use_cases.telling import News, tell, venue
from shared.clock import iso

TEMPLATES = {"waitlisted": "draw_waitlisted", "unplaced": "draw_unplaced"}


def tell_drawn(session: Session, id: str, data: dict[str, Any]) -> None:
    """Tell somebody who entered a draw that others were drawn before them."""
    of = known_session(session, data["session_id"])
    params = {
        "part": "appointment",
        "title": of.title,
        "venue": venue(of),
        "zone": of.zone,
        "starts_at": iso(of.starts_at),
        "ends_at": iso(of.ends_at),
        "link": f"/sessions/{of.id}/draw",
    }
    news = News(
        occasion=f"draw.decided:{id}",
        person_id=data["person_id"],
        kind="booking",
        template=TEMPLATES[data["state"]],
        params=params,
        session_id=of.id,
    )
    tell(session, news)
