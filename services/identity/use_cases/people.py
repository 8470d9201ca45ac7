"""Changing people: name, language, roles, erasure."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.identity import events
from services.identity.errors import LastAdministrator, PersonErased
from services.identity.models import Credential, PasswordReset, Person, SignIn
from services.identity.models.person import ERASED
from services.identity.queries.people import administrators, person_for_change
from services.identity.use_cases.sign_in import rotate_all_sessions
from shared import audit
from shared.clock import now
from shared.errors import Stale


def change_person(
    session: Session, person_id: str, *, name: str | None = None, locale: str | None = None
) -> Person:
    """Change somebody's own name or language."""
    person = _changeable(session, person_id)
    if name is not None:
        person.rename(name)
    if locale is not None:
        person.locale = locale
    person.version += 1
    events.person_changed(session, person)
    audit.record(session, person_id, "person.change", person_id)
    return person


def set_roles(
    session: Session, actor_id: str, person_id: str, roles: set[str], expected: int
) -> Person:
    """Let a person hold exactly these roles (student always stays); one administrator remains.

    All administrators are locked first, in the order of their ids, so that two who step down at the
    same moment wait for each other.
    """
    admins = administrators(session)
    person = _changeable(session, person_id)
    if person.version != expected:
        raise Stale
    wanted = {"student", *roles}
    if "admin" in person.roles and "admin" not in wanted and admins <= 1:
        raise LastAdministrator
    if wanted == set(person.roles):
        return person
    person.give(wanted)
    person.version += 1
    rotate_all_sessions(session, person_id)
    session.flush()
    events.person_changed(session, person)
    audit.record(session, actor_id, "person.set_roles", person_id)
    return person


def erase_person(session: Session, actor_id: str, person_id: str) -> Person:
    """Forget everything about a person but the id, and tell every service to do the same."""
    admins = administrators(session)
    person = _changeable(session, person_id)
    if "admin" in person.roles and admins <= 1:
        raise LastAdministrator
    for table in (Credential, SignIn, PasswordReset):
        session.execute(delete(table).where(table.person_id == person_id))
    person.rename("")
    person.login = person.login_key = None
    person.consent_version = person.consented_at = None
    person.state, person.erased_at = ERASED, now()
    person.give(set())
    person.version += 1
    session.flush()
    events.person_erased(session, person)
    audit.record(session, actor_id, "person.erase", person_id)
    return person


def _changeable(session: Session, person_id: str) -> Person:
    person = person_for_change(session, person_id)
    if not person.is_active:
        raise PersonErased
    return person
