"""What identity announces: people by id and role, never by name."""

from sqlalchemy.orm import Session

from services.identity.models import Person
from shared.outbox import announce

REGISTERED = "person.registered.v1"
CHANGED = "person.changed.v1"
ERASED = "person.erased.v1"


def person_registered(session: Session, person: Person) -> None:
    """Announce that somebody is known to the suite now."""
    announce(session, REGISTERED, person.id, person.version, state_of(person))


def person_changed(session: Session, person: Person) -> None:
    """Announce that a person's roles or language changed."""
    announce(session, CHANGED, person.id, person.version, state_of(person))


def person_erased(session: Session, person: Person) -> None:
    """Announce that everybody forgets this person now."""
    announce(session, ERASED, person.id, person.version, state_of(person))


def state_of(person: Person) -> dict[str, object]:
    """Return what other services may know of a person."""
    return {
        "person_id": person.id,
        "roles": person.roles,
        "locale": person.locale,
        "state": person.state,
    }
