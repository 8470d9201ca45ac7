"""Telling volunteers that they are asked, to take a shift or to help out now, and that it is over."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.models import Delivery, SessionCopy
from services.notify.models.delivery import APP, MAIL, SKIPPED, WAITING
from services.notify.use_cases.sessions import known_session
from services.notify.use_cases.telling import News, tell, venue
from shared.clock import now, parse

NIGHT_FROM, NIGHT_TO = 22, 8  # quiet hours at the venue: mail waits until the morning
OFFERED, OFFER_OVER = "shift_offered", "offer_over"
HELP_ASKED, HELP_OVER = "help_asked", "help_over"


def tell_offer(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a volunteer that a shift is offered, or that the offer is over without their answer."""
    state = data["state"]
    if state == "offered":
        given = data.get("in_return") or {}
        more = {"previous_starts_at": given["starts_at"]} if given else {}
        _ask(session, OFFERED, id, version, data, status=_way(data), link=f"/offers/{id}", **more)
        return
    _take_back(session, id, OFFERED)
    if state == "expired" and not data["holds"]:
        return  # the shift begins; nothing was kept for them that went elsewhere
    if state in ("expired", "withdrawn", "filled"):
        _tell_over(session, OFFER_OVER, id, version, data)


def tell_help(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Ask an idle volunteer for help now, or tell kindly that it is no longer needed."""
    if data["state"] == "asked":
        _ask(session, HELP_ASKED, id, version, data, status="", link=f"/help/{id}")
        return
    _take_back(session, id, HELP_ASKED)
    if data["state"] in ("filled", "closed"):
        _tell_over(session, HELP_OVER, id, version, data)


def wakes_at(at: datetime, zone: str) -> datetime:
    """Return ``at``, or the end of the quiet hours that it lies in."""
    local = at.astimezone(ZoneInfo(zone))
    if NIGHT_TO <= local.hour < NIGHT_FROM:
        return at
    day = local + timedelta(days=local.hour >= NIGHT_FROM)
    return day.replace(hour=NIGHT_TO, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)


def _way(data: dict[str, Any]) -> str:
    """Return how a shift is offered: kept | swap | stand_in | open."""
    if data["holds"]:
        return "kept"
    if data.get("in_return"):
        return "swap"
    return "stand_in" if data.get("stand_in") else "open"


def _ask(
    session: Session, template: str, id: str, version: int, data: dict[str, Any], **more: str
) -> None:
    """Ask at once in the app; the mail keeps the quiet hours, and is not sent once it is too late."""
    of = known_session(session, data["session_id"])
    for channel in (APP, MAIL):
        news = News(
            occasion=f"{template}:{id}:{version}",
            person_id=data["person_id"],
            kind="shift",
            template=template,
            params=_params(of, data) | more,
            session_id=of.id,
            engagement_id=id,
            due_at=wakes_at(now(), of.zone) if channel == MAIL else None,
            expires_at=parse(data["expires_at"]),
            channels=(channel,),
        )
        tell(session, news)


def _tell_over(
    session: Session, template: str, id: str, version: int, data: dict[str, Any]
) -> None:
    of = known_session(session, data["session_id"])
    news = News(
        occasion=f"{template}:{id}:{version}",
        person_id=data["person_id"],
        kind="shift",
        template=template,
        params=_params(of, data) | {"status": data["state"], "link": "/shifts"},
        session_id=of.id,
        channels=(APP,),
    )
    tell(session, news)


def _params(of: SessionCopy, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "part": "assignment",
        "title": of.title,
        "venue": venue(of),
        "zone": of.zone,
        "role": data["role"],
        "starts_at": data["starts_at"],
        "ends_at": data["ends_at"],
        "expires_at": data["expires_at"],
    }


def _take_back(session: Session, id: str, template: str) -> None:
    """Let what asks and has not gone out yet stay unsent."""
    unsent = (Delivery.engagement_id == id) & (Delivery.template == template)
    change = update(Delivery).where(unsent, Delivery.state == WAITING)
    session.execute(change.values(state=SKIPPED, reason="overtaken"))
