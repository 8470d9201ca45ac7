"""Deciding whom to tell what: rows are made here, in the transaction of the news, and sent later."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.notify.models import Contact, Delivery, Engagement, SessionCopy
from services.notify.models.copies import APPOINTMENT, ASSIGNMENT, ENROLMENT
from services.notify.models.delivery import APP, MAIL, SENT, WAITING
from services.notify.queries.calendar import path_of
from shared.clock import iso, now, parse
from shared.database import insert_if_absent
from shared.ids import new_id

KIND_OF = {APPOINTMENT: "booking", ENROLMENT: "training", ASSIGNMENT: "shift"}
NEWS_LIVES = timedelta(days=3)
CALL_LIVES = timedelta(minutes=30)
DAY, SOON = timedelta(days=1), timedelta(hours=2)
REMINDERS: dict[str, dict[str, timedelta]] = {
    APPOINTMENT: {"day": DAY, "soon": SOON},
    ENROLMENT: {"day": DAY, "soon": SOON},
    ASSIGNMENT: {"day": DAY},
}


@dataclass(frozen=True)
class News:
    """Something to tell one person. ``occasion`` makes it unique; ``due_at`` None means at once."""

    occasion: str
    person_id: str
    kind: str
    template: str
    params: dict[str, Any]
    session_id: str | None = None
    engagement_id: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    channels: tuple[str, ...] = field(default=(APP, MAIL))


def tell(session: Session, news: News) -> None:
    """Write one delivery per channel, unless the occasion has them already or the person has left."""
    contact = session.get(Contact, news.person_id, populate_existing=True)
    if contact is not None and contact.state == "erased":
        return
    for channel in news.channels:
        key = ["occasion", "recipient", "channel"]
        insert_if_absent(session, Delivery, _row(news, channel), key=key)


def tell_about(
    session: Session,
    template: str,
    occasion: str,
    part: Engagement,
    of: SessionCopy,
    **more: Any,
) -> None:
    """Tell the person of ``part`` something about it."""
    tell(
        session,
        News(
            occasion=occasion,
            person_id=part.person_id,
            kind=KIND_OF[part.kind],
            template=template,
            params=describe(part, of) | more,
            session_id=of.id,
            engagement_id=part.id,
        ),
    )


def describe(part: Engagement, of: SessionCopy) -> dict[str, Any]:
    """Return what any message about ``part`` may speak of, as it stands now."""
    starts, ends = part.times(of)
    return {
        "part": part.kind,
        "title": of.title,
        "venue": venue(of),
        "zone": of.zone,
        "starts_at": iso(starts),
        "ends_at": iso(ends),
        "number": part.number,
        "role": part.role,
        "by": part.by,
        "link": path_of(part),
    }


def venue(of: SessionCopy) -> dict[str, str]:
    """Return a session's venue with the way to it, per language."""
    names, places = of.venue_name, of.venue_place or {}
    return {
        language: " · ".join(t for t in (names.get(language), places.get(language)) if t)
        for language in ("zh", "en")
    }


def remind(session: Session, part: Engagement, of: SessionCopy) -> None:
    """Make the reminders of ``part`` that still lie ahead; whether they go out is decided then.

    The start stands in the occasion: a moved part gets new reminders, and the old ones find at
    sending time that they no longer fit.
    """
    if not part.is_expected or of.state == "cancelled":
        return
    starts, _ = part.times(of)
    for name, before in REMINDERS[part.kind].items():
        due = starts - before
        if due <= now():
            continue
        last = starts if len(REMINDERS[part.kind]) == 1 or name == "soon" else starts - SOON
        tell(
            session,
            News(
                occasion=f"reminder.{name}:{part.id}:{iso(starts)}",
                person_id=part.person_id,
                kind="reminder",
                template=f"reminder_{part.kind}_{name}",
                params=describe(part, of),
                session_id=of.id,
                engagement_id=part.id,
                due_at=due,
                expires_at=last,
            ),
        )


def starts_of(delivery: Delivery) -> datetime:
    """Return the start that a delivery speaks of."""
    return parse(delivery.params["starts_at"])


def _row(news: News, channel: str) -> dict[str, Any]:
    at = now()
    due = news.due_at or at
    told = channel == APP and news.due_at is None  # the inbox is this table: written is told
    return {
        "id": new_id(),
        "occasion": news.occasion,
        "recipient": news.person_id,
        "channel": channel,
        "kind": news.kind,
        "template": news.template,
        "params": news.params,
        "session_id": news.session_id,
        "engagement_id": news.engagement_id,
        "state": SENT if told else WAITING,
        "sent_at": at if told else None,
        "created_at": at,
        "due_at": due,
        "next_at": due,
        "expires_at": news.expires_at or due + NEWS_LIVES,
        "attempts": 0,
    }
