"""Telling people of devices that stay: kept, ready, three reminders, fetched, disposed of; and asking how it does."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.notify.models import CustodyCopy, Delivery
from services.notify.models.custody import READY
from services.notify.models.delivery import APP, MAIL
from services.notify.use_cases.sessions import known_session
from services.notify.use_cases.telling import News, tell, venue
from shared.clock import iso, now, parse
from shared.database import upsert_by_version

REMIND_AFTER = (3, 7, 14)  # days since it could be fetched
READY_LIVES = timedelta(days=3)
ASKED_LIVES = timedelta(days=7)
TEMPLATES = {
    "stored": "custody_stored",
    "ready": "custody_ready",
    "collected": "custody_collected",
    "disposed": "custody_disposed",
}
BY_MAIL = ("ready", "disposed")


def keep_custody(session: Session, verb: str, id: str, version: int, data: dict[str, Any]) -> None:
    """Keep how a device stands and tell its owner; with *ready* the reminders are made as well.

    The moment it became ready stands in the occasion: a hand-back that was undone tells nobody
    twice.
    """
    ready_at = parse(data["ready_at"]) if data.get("ready_at") else None
    values = {
        "session_id": data["session_id"],
        "person_id": data.get("person_id"),
        "state": data["state"],
        "ready_at": ready_at,
    }
    params = _params(session, data)
    if not upsert_by_version(session, CustodyCopy, id, version, values):
        return
    if not data.get("person_id") or data["state"] != verb:
        return
    news = _news(verb, id, data, params)
    tell(session, news)
    if ready_at is not None and verb == "ready":
        for days in REMIND_AFTER:
            _remind(session, news, days, ready_at)


def pick_up_is_off(session: Session, delivery: Delivery) -> str | None:
    """Return why a device need not be fetched (again), or None when it waits for its owner."""
    copy = session.get(CustodyCopy, delivery.engagement_id or "")
    if copy is None or copy.state != READY:
        return "overtaken" if copy and copy.state == "stored" else "collected"
    since = iso(copy.ready_at) if copy.ready_at else None
    return None if since == delivery.params.get("ready_at") else "overtaken"


def ask(session: Session, id: str, data: dict[str, Any]) -> None:
    """Ask an owner, once, whether the device still works; the same question never comes again."""
    tell(
        session,
        News(
            occasion=f"reminder.feedback:{data['ticket_id']}",
            person_id=data["person_id"],
            kind="reminder",
            template="feedback_asked",
            params={"number": data.get("number"), "link": f"/feedback/{data['ticket_id']}"},
            session_id=data["session_id"],
            engagement_id=data["ticket_id"],
            expires_at=now() + ASKED_LIVES,
        ),
    )


def _params(session: Session, data: dict[str, Any]) -> dict[str, Any]:
    of = known_session(session, data["session_id"])
    place = data.get("visit_id")
    return {
        "custody_id": data["id"],
        "title": of.title,
        "venue": venue(of),
        "zone": of.zone,
        "number": data.get("number"),
        "tag": data["tag"],
        "status": data.get("status"),
        "ready_at": data.get("ready_at"),
        "link": f"/places/{place}" if place else "/me",
    }


def _news(verb: str, id: str, data: dict[str, Any], params: dict[str, Any]) -> News:
    moment = data["ended_at"] or data["ready_at"] or data["stored_at"]
    return News(
        occasion=f"custody.{verb}:{id}:{moment}",
        person_id=data["person_id"],
        kind="turn",
        template=TEMPLATES[verb],
        params=params,
        session_id=data["session_id"],
        engagement_id=id,
        expires_at=now() + READY_LIVES if verb == "ready" else None,
        channels=(APP, MAIL) if verb in BY_MAIL else (APP,),
    )


def _remind(session: Session, news: News, days: int, ready_at: datetime) -> None:
    due = ready_at + timedelta(days=days)
    if due <= now():
        return
    tell(
        session,
        News(
            occasion=f"reminder.pick_up_{days}:{news.engagement_id}:{iso(ready_at)}",
            person_id=news.person_id,
            kind="reminder",
            template="custody_reminder",
            params=news.params | {"days": days},
            session_id=news.session_id,
            engagement_id=news.engagement_id,
            due_at=due,
            expires_at=due + READY_LIVES,
        ),
    )
