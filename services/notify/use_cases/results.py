"""Telling people what came of a repair, that their device is ready, what came of a shift, what they learnt."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.models import Delivery
from services.notify.models.delivery import APP, MAIL, SKIPPED, WAITING
from services.notify.use_cases.telling import News, tell
from shared.clock import now

STANDS_THERE = timedelta(minutes=2)  # who waits at the bench has the device by then: no mail needed


def tell_outcome(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a device's owner its outcome; a later correction is told as news of its own."""
    if not data.get("person_id"):
        return  # a walk-in without an account stands at the desk
    news = _news(f"ticket.closed:{id}:{version}", "repair_closed", data)
    tell(session, news)


def tell_tested(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell the owner that a device with an outcome is tested and ready, or that it has to stay.

    Before its outcome nobody is told: the outcome says it then. The mail waits two minutes and is
    not sent once the device has gone home, or has been tested again.
    """
    _let_be(session, id, "overtaken")
    if not data.get("person_id") or data.get("state") != "closed":
        return
    occasion = f"ticket.tested:{id}:{version}"
    template = "device_ready" if data.get("safety") == "passed" else "device_failed"
    tell(session, _news(occasion, template, data))
    if template == "device_ready":
        later = {"channels": (MAIL,), "due_at": now() + STANDS_THERE}
        tell(session, _news(occasion, template, data, **later))


def follow_hand_back(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Let the mail about a device be that has gone home."""
    if data.get("handed_back"):
        _let_be(session, id, "collected")


def _news(occasion: str, template: str, data: dict[str, Any], **more: Any) -> News:
    params = {
        "number": data.get("number"),
        "status": data.get("status"),
        "care": _care(data),
        "link": f"/places/{data['visit_id']}" if data.get("visit_id") else "/me",
    }
    return News(
        occasion=occasion,
        person_id=data["person_id"],
        kind="turn",
        template=template,
        params=params,
        session_id=data.get("session_id"),
        **({"channels": (APP,)} | more),
    )


def _care(data: dict[str, Any]) -> str:
    """Return what stands between a device and the way home: test | failed | ready, empty: unsaid."""
    if data.get("safety"):
        return "ready" if data["safety"] == "passed" else "failed"
    return {"mains": "test", "battery": "ready"}.get(data.get("power") or "", "")


def _let_be(session: Session, id: str, reason: str) -> None:
    """Take back what waits to be sent about a device's test."""
    about = Delivery.occasion.startswith(f"ticket.tested:{id}:", autoescape=True)
    waits = (Delivery.state == WAITING) & Delivery.lease.is_(None)
    session.execute(update(Delivery).where(about, waits).values(state=SKIPPED, reason=reason))


def tell_hours(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a volunteer the minutes that were recorded."""
    _tell_volunteer(session, f"hours.recorded:{id}:{version}", "hours_recorded", data)


def tell_corrected(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell a volunteer that a coordinator put their minutes right; a confirmation is no news."""
    if data.get("minutes") == data.get("minutes_before") and data.get("minutes"):
        return
    occasion = f"hours.corrected:{id}:{version}"
    _tell_volunteer(session, occasion, "hours_corrected", data, (APP, MAIL))


def tell_objection(session: Session, id: str, data: dict[str, Any]) -> None:
    """Tell a volunteer that their objection has arrived, or what was decided about it."""
    decided = data["state"] != "open"
    occasion = f"objection.{data['state']}:{id}"
    channels = (APP, MAIL) if decided else (APP,)
    _tell_volunteer(session, occasion, f"objection_{data['state']}", data, channels)


def tell_record(session: Session, id: str, data: dict[str, Any], *, holds: bool) -> None:
    """Tell a volunteer that a record of their hours was issued or corrected, or holds no more."""
    template = "record_revoked"
    if holds:
        template = "record_corrected" if data.get("replaces") else "record_issued"
    news = News(
        occasion=f"{template}:{id}",
        person_id=data["person_id"],
        kind="shift",
        template=template,
        params={
            "number": data.get("number"),
            "minutes": data.get("minutes"),
            "link": "/me/records",
        },
    )
    tell(session, news)


def tell_skill(session: Session, id: str, version: int, data: dict[str, Any]) -> None:
    """Tell somebody that they have a new skill, however they came by it; the page says which."""
    if not data.get("granted"):
        return
    news = News(
        occasion=f"skill.granted:{id}:{version}",
        person_id=data["person_id"],
        kind="shift",
        template="skill_granted",
        params={"link": "/me/skills"},
        channels=(APP,),
    )
    tell(session, news)


def _tell_volunteer(
    session: Session,
    occasion: str,
    template: str,
    data: dict[str, Any],
    channels: tuple[str, ...] = (APP,),
) -> None:
    about = data.get("assignment_id")
    params = {
        "minutes": data.get("minutes"),
        "minutes_before": data.get("minutes_before"),
        "link": f"/me/hours/{about}" if about else "/me/hours",
    }
    tell(
        session,
        News(
            occasion=occasion,
            person_id=data["person_id"],
            kind="shift",
            template=template,
            params=params,
            session_id=data.get("session_id"),
            channels=channels,
        ),
    )
