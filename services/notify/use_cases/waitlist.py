"""Telling people who wait for a full slot: where they stand, that a place is held, that it is not."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.models import Delivery, SessionCopy
from services.notify.models.delivery import SKIPPED, WAITING
from services.notify.use_cases.sessions import known_session
from services.notify.use_cases.telling import News, tell, venue
from shared.clock import iso, parse

OFFERED = "place_offered"
ENDED = {"expired": "place_expired", "ended": "place_ended", "over": "place_over"}
PAIRS = {"formed": "place_together", "ended": "place_alone"}


def tell_waiting(session: Session, verb: str, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell what a person should know of their place; verb: joined | offered | left.

    An offer that was answered meanwhile is not sent any more. Who asked for a place through a draw
    or lost one hears of it there.
    """
    of = known_session(session, data["session_id"])
    if verb != "offered":
        _take_back(session, id)
    template = _template(verb, data)
    if template is None:
        return
    params = _params(of, data) | {"link": f"/waitlist/{id}", "place": data.get("place")}
    news = News(
        occasion=f"waitlist.{verb}:{id}:{version}",
        person_id=data["person_id"],
        kind="booking",
        template=template,
        params=params,
        session_id=of.id,
        engagement_id=id,
        expires_at=parse(data["expires_at"]) if verb == "offered" else None,
    )
    tell(session, news)


def _template(verb: str, data: dict[str, Any]) -> str | None:
    if verb == "offered":
        return OFFERED
    if verb == "left":
        return ENDED.get(data["state"])
    if data.get("pair"):
        return PAIRS[data["pair"]]
    return "place_waitlisted" if data["by"] != "session" and data.get("first_time", True) else None


def _params(of: SessionCopy, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "part": "appointment",
        "title": of.title,
        "venue": venue(of),
        "zone": of.zone,
        "starts_at": data.get("starts_at") or iso(of.starts_at),
        "ends_at": data.get("ends_at") or iso(of.ends_at),
        "expires_at": data.get("expires_at"),
    }


def _take_back(session: Session, id: str) -> None:
    """Let offers of this place that have not gone out yet stay unsent."""
    unsent = (Delivery.engagement_id == id) & (Delivery.template == OFFERED)
    change = update(Delivery).where(unsent, Delivery.state == WAITING)
    session.execute(change.values(state=SKIPPED, reason="overtaken"))
