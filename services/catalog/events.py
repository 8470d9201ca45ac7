"""What catalog announces: the public state of offerings, venues, programmes and sessions."""

from sqlalchemy.orm import Session as Db

from services.catalog.models import Offering, Programme, Quiz, Session, Term, Venue
from shared.clock import iso
from shared.outbox import announce

OFFERING_CHANGED = "offering.changed.v1"
VENUE_CHANGED = "venue.changed.v1"
PROGRAMME_CHANGED = "programme.changed.v1"
CALENDAR_CHANGED = "calendar.changed.v1"
QUIZ_CHANGED = "quiz.changed.v1"
SESSION_PUBLISHED = "session.published.v1"
SESSION_CHANGED = "session.changed.v1"
SESSION_CANCELLED = "session.cancelled.v1"
OFFERING_FIELDS = (
    "id",
    "kind",
    "title",
    "summary",
    "skill",
    "categories",
    "minutes_per_device",
    "devices_per_bench",
    "max_devices",
    "cancel_cutoff_minutes",
    "state",
)
VENUE_FIELDS = ("id", "name", "place", "stations", "seats", "zone", "state")
SESSION_FIELDS = (
    "id",
    "series_id",
    "programme_id",
    "offering_id",
    "kind",
    "title",
    "venue_id",
    "venue_name",
    "venue_place",
    "zone",
    "slot_minutes",
    "benches",
    "seats",
    "categories",
    "minutes_per_device",
    "devices_per_bench",
    "max_devices",
    "cancel_cutoff_minutes",
    "state",
    "reason",
    "trial",
    "opening",
    "opens_when_staffed",
)
QUIZ_FIELDS = (
    "offering_id",
    "questions",
    "drawn",
    "pass_percent",
    "attempts",
    "wait_hours",
    "state",
)
TERM_FIELDS = ("id", "name", "weeks", "exam_weeks", "holidays", "moved_days", "sections", "state")
SESSION_TIMES = ("starts_at", "ends_at", "booking_opens_at", "booking_closes_at")


def offering_changed(db: Db, offering: Offering) -> None:
    """Announce an offering as it is now."""
    data = {name: getattr(offering, name) for name in OFFERING_FIELDS}
    announce(db, OFFERING_CHANGED, offering.id, offering.version, data)


def quiz_changed(db: Db, quiz: Quiz) -> None:
    """Announce a quiz as it is now, with what is right: booking scores by it and nobody else listens."""
    data = {name: getattr(quiz, name) for name in QUIZ_FIELDS}
    announce(db, QUIZ_CHANGED, f"quiz:{quiz.offering_id}", quiz.version, data)


def venue_changed(db: Db, venue: Venue) -> None:
    """Announce a venue as it is now."""
    data = {name: getattr(venue, name) for name in VENUE_FIELDS}
    announce(db, VENUE_CHANGED, venue.id, venue.version, data)


def programme_changed(db: Db, programme: Programme) -> None:
    """Announce a programme as it is now."""
    data: dict[str, object] = {
        "id": programme.id,
        "title": programme.title,
        "summary": programme.summary,
        "theme_day": programme.theme_day.isoformat() if programme.theme_day else None,
        "state": programme.state,
    }
    announce(db, PROGRAMME_CHANGED, programme.id, programme.version, data)


def calendar_changed(db: Db, term: Term) -> None:
    """Announce a term as it is now."""
    data: dict[str, object] = {name: getattr(term, name) for name in TERM_FIELDS}
    data |= {"starts_on": term.starts_on.isoformat(), "ends_on": term.ends_on.isoformat()}
    announce(db, CALENDAR_CHANGED, term.id, term.version, data)


def session_published(db: Db, session: Session) -> None:
    """Announce that a session takes place."""
    announce(db, SESSION_PUBLISHED, session.id, session.version, state_of(session))


def session_changed(db: Db, session: Session) -> None:
    """Announce a published session as it is now."""
    announce(db, SESSION_CHANGED, session.id, session.version, state_of(session))


def session_cancelled(db: Db, session: Session) -> None:
    """Announce that a session does not take place, and why."""
    announce(db, SESSION_CANCELLED, session.id, session.version, state_of(session))


def state_of(session: Session) -> dict[str, object]:
    """Return a session's public state."""
    plain = {name: getattr(session, name) for name in SESSION_FIELDS}
    plain["staffing"] = session.announced_staffing
    return plain | {name: iso(getattr(session, name)) for name in SESSION_TIMES}
