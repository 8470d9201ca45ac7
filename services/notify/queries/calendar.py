"""Calendars (RFC 5545, RFC 5546): one entry per appointment, enrolment or assignment.

An entry keeps its UID for life. Its SEQUENCE is the sum of its own version and its session's, which
both only grow, so every change of either wins over what a calendar has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify.models import Engagement, SessionCopy
from services.notify.models.copies import ASSIGNMENT, ENROLMENT
from services.notify.queries.texts import local
from shared.clock import now

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
KEEP = timedelta(days=60)
NAMES = {"zh": "修好 · 我的日程", "en": "Xiuhao: my dates"}
PRODUCT = "-//Xiuhao//notify//ZH"


@dataclass(frozen=True)
class Entry:
    """One part in a session with its session; together they are a calendar entry."""

    part: Engagement
    of: SessionCopy


@dataclass(frozen=True)
class Style:
    """How entries are written: for whom, in which language, as news, an update or the end."""

    locale: str
    public_url: str
    organizer: str
    method: str = PUBLISH
    attendee: str | None = None
    name: str | None = None


def entry(session: Session, engagement_id: str) -> Entry | None:
    """Return one entry, or None where notify knows no such part or session."""
    part = session.get(Engagement, engagement_id)
    of = session.get(SessionCopy, part.session_id) if part else None
    return Entry(part, of) if part and of else None


def entries_of(session: Session, person_id: str) -> list[Entry]:
    """Return what belongs into a person's calendar: all that lies ahead and the last weeks."""
    rows = session.execute(
        select(Engagement, SessionCopy)
        .join(SessionCopy, SessionCopy.id == Engagement.session_id)
        .where(Engagement.person_id == person_id, SessionCopy.ends_at > now() - KEEP)
        .order_by(SessionCopy.starts_at, Engagement.id)
    )
    entries = [Entry(part, of) for part, of in rows]
    return [e for e in entries if e.part.is_in_calendar and e.of.state != "cancelled"]


def calendar(entries: Iterable[Entry], style: Style) -> bytes:
    """Return the iCalendar file of ``entries``, with the time zones it speaks of."""
    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("method", style.method)
    if style.name:
        book.add("x-wr-calname", style.name)
        book.add("x-published-ttl", "PT1H")
    for one in entries:
        book.add_component(_event(one, style))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def path_of(part: Engagement) -> str:
    """Return the page on which a person sees this part."""
    if part.kind == ASSIGNMENT:
        return "/shifts"
    if part.kind == ENROLMENT:
        return f"/sessions/{part.session_id}"
    return f"/places/{part.id}"


def _event(one: Entry, style: Style) -> Event:
    part, of = one.part, one.of
    zone = ZoneInfo(of.zone)
    starts, ends = part.times(of)
    event = Event()
    event.add("uid", f"{part.kind}-{part.id}@xiuhao")
    event.add("sequence", part.version + of.version)
    event.add("dtstamp", now())
    event.add("dtstart", starts.astimezone(zone))
    event.add("dtend", ends.astimezone(zone))
    event.add("summary", _summary(one, style.locale))
    place = [local(of.venue_name, style.locale), local(of.venue_place, style.locale)]
    event.add("location", " · ".join(text for text in place if text))
    event.add("url", style.public_url + path_of(part))
    event.add("organizer", _organizer(style.organizer))
    if style.attendee:
        event.add("attendee", _attendee(style.attendee))
    event.add("status", _status(one, style.method))
    return event


def _summary(one: Entry, locale: str) -> str:
    title = local(one.of.title, locale)
    role = local(one.part.role, locale)
    number = one.part.number
    if role:
        return f"{title} · {role}"
    return f"{title} · {number}" if number else title


def _status(one: Entry, method: str) -> str:
    if method == CANCEL or not one.part.is_in_calendar or one.of.state == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if one.part.state == "waitlisted" else "CONFIRMED"


def _organizer(address: str) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText("修好")
    return organizer


def _attendee(address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
