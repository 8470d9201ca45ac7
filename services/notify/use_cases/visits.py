"""Keeping visits, and telling people what happens to their place in the line."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.models import Delivery, SessionCopy, Visit
from services.notify.models.delivery import SKIPPED, WAITING
from services.notify.use_cases.telling import CALL_LIVES, News, tell, venue
from shared.clock import now, parse
from shared.database import upsert_by_version

CALLED, MISSED, CLOSED = "turn_called", "turn_missed", "turn_closed"
PARTS, SWITCHED = "parts_waiting", "line_switched"
LONG_AGO = timedelta(minutes=5)
STATES = {CALLED: "called", MISSED: "absent", CLOSED: "left", PARTS: "paused"}


def keep_visit(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Keep a visit; tell its person once when it is called, missed, closed, paused or in another line.

    What was said of an earlier state and has not gone out is not sent any more.
    """
    before = session.get(Visit, id)
    was_in = before.session_id if before else data["session_id"]
    values = {
        "session_id": data["session_id"],
        "appointment_id": data.get("appointment_id"),
        "person_id": data.get("person_id"),
        "number": data.get("number"),
        "bench": data.get("bench"),
        "state": data["state"],
        "calls": data.get("calls") or 0,
    }
    if not upsert_by_version(session, Visit, id, version, values):
        return
    _take_back(session, id)
    template = _template(data, moved=was_in != data["session_id"])
    if template == CALLED and _long_ago(data):
        return
    if template and values["person_id"]:
        tell(session, _news(session, template, id, version, data))


def _long_ago(data: dict[str, Any]) -> bool:
    """A call that a desk without a connection made long ago is nobody's turn any more."""
    return bool(data.get("called_at")) and now() - parse(data["called_at"]) > LONG_AGO


def _template(data: dict[str, Any], *, moved: bool) -> str | None:
    if data["state"] == "waiting":
        return SWITCHED if moved else None
    if data["state"] == "left":
        return CLOSED if data.get("ended_by") == "policy" else None
    return {"called": CALLED, "absent": MISSED, "paused": PARTS}.get(data["state"])


def _news(session: Session, template: str, id: str, version: int, data: dict[str, Any]) -> News:
    """Return the message; of one call, and of missing it, a person hears once."""
    of = session.get(SessionCopy, data["session_id"])
    call = data.get("called_at") or data.get("calls")
    once = {CALLED: f"visit.called:{id}:{call}", MISSED: f"visit.missed:{id}:{call}"}
    params = {
        "visit_id": id,
        "calls": data.get("calls") or 0,
        "number": data.get("number"),
        "bench": data.get("bench"),
        "expires_at": data.get("keeps_turn_until"),
        "link": f"/places/{data.get('appointment_id') or id}",
    }
    if of is not None:
        params |= {"venue": venue(of), "zone": of.zone}
    return News(
        occasion=once.get(template, f"{template}:{id}:{version}"),
        person_id=data["person_id"],
        kind="turn",
        template=template,
        params=params,
        session_id=data["session_id"],
        engagement_id=id,
        expires_at=now() + CALL_LIVES if template in (CALLED, MISSED) else None,
    )


def _take_back(session: Session, id: str) -> None:
    mine = (Delivery.engagement_id == id) & Delivery.template.in_((*STATES, SWITCHED))
    change = update(Delivery).where(mine, Delivery.state == WAITING)
    session.execute(change.values(state=SKIPPED, reason="passed"))
