"""Calendar files of single entries for their owner, and the personal feed behind a secret."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from services.notify.errors import NoSuchEntry, NoSuchFeed
from services.notify.queries import calendar
from services.notify.queries.deliveries import contact, person_of_feed
from services.notify.schemas import EmptySchema, FeedSchema
from services.notify.use_cases import people
from shared.auth import current_person
from shared.http import Blueprint, locale, once, reading, settings_of_app, transaction

CALENDAR = "text/calendar"
FILE = {"type": "string", "description": "iCalendar (RFC 5545)"}
KINDS = {"appointments": "appointment", "enrolments": "enrolment", "assignments": "assignment"}
blueprint = Blueprint("calendar", __name__, description="日历 · Calendars")


@blueprint.route("/calendar/<any(appointments,enrolments,assignments):kind>/<id>.ics")
@blueprint.response(200, FILE, content_type=CALENDAR)
@blueprint.alt_response(404, description="No such entry, or somebody else's")
def get_entry(kind: str, id: str) -> Response:
    """Return one entry of the caller's as a calendar file."""
    asking = current_person()
    with reading() as session:
        entry = calendar.entry(session, id)
        if entry is None or entry.part.kind != KINDS[kind] or entry.part.person_id != asking.id:
            raise NoSuchEntry
        return _file([entry], locale(), {"Content-Disposition": f'inline; filename="{id}.ics"'})


@blueprint.route("/feed")
@blueprint.response(200, FeedSchema)
def get_feed() -> Any:
    """Return the secret of the caller's calendar address."""
    with transaction() as session:
        return {"token": people.feed_of(session, current_person().id)}


@blueprint.route("/feed/renew", methods=["POST"])
@blueprint.arguments(EmptySchema)
@blueprint.response(200, FeedSchema)
def renew_feed(given: dict[str, Any]) -> Any:
    """Give the caller's calendar a new secret; the old address ends."""
    asking = current_person()

    def work(session: Session) -> dict[str, str]:
        return {"token": people.renew_feed(session, asking.id)}

    return once(work, FeedSchema(), status=200)


@blueprint.route("/feeds/<token>.ics")
@blueprint.response(200, FILE, content_type=CALENDAR)
@blueprint.alt_response(404, description="The secret has ended")
def read_feed(token: str) -> Response:
    """Return a person's whole calendar to whoever holds its secret (calendar programs do)."""
    with reading() as session:
        person_id = person_of_feed(session, token)
        if person_id is None:
            raise NoSuchFeed
        known = contact(session, person_id)
        language = known.locale if known else "zh"
        name = calendar.NAMES[language]
        return _file(calendar.entries_of(session, person_id), language, {}, name)


def _file(
    entries: list[calendar.Entry], language: str, headers: dict[str, str], name: str | None = None
) -> Response:
    settings = settings_of_app()
    style = calendar.Style(language, settings.public_url, settings.mail_from, name=name)
    content = calendar.calendar(entries, style)
    return Response(content, headers=headers, content_type=f"{CALENDAR}; charset=utf-8")
