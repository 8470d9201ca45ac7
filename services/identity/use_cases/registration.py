"""People come: by registering themselves, or entered by staff."""

from datetime import timedelta

from sqlalchemy.orm import Session

from services.identity import events
from services.identity.errors import LoginTaken, RoleNotYours
from services.identity.models import Credential, Person
from services.identity.models.credential import check_strength, hashed, matches
from services.identity.models.person import ROLES_STAFF_MAY_GIVE, checked_login, searchable
from services.identity.queries.people import person_by_id
from services.identity.queries.sign_in import account_of
from shared import audit
from shared.clock import now
from shared.database import Database, insert_if_absent
from shared.ids import new_id

SAME_FORM = timedelta(hours=24)


def register(
    database: Database, *, login: str, password: str, name: str, locale: str, consent_version: str
) -> Person:
    """Register somebody as a student and return them.

    The same form sent again within a day returns the same person. No idempotency key is stored: its
    fingerprint would be a fast hash over the password.
    """
    login = checked_login(login)
    check_strength(password, login)
    if again := _sent_before(database, login, password, name):
        return again
    password_hash = hashed(password)
    with database.transaction() as session:
        person = add_person(session, name=name, login=login, locale=locale, roles={"student"})
        person.consent_version, person.consented_at = consent_version, now()
        session.add(Credential(person_id=person.id, password_hash=password_hash, changed_at=now()))
        audit.record(session, person.id, "person.register", person.id)
    return person


def enter_person(
    session: Session,
    actor_id: str,
    actor_is_admin: bool,
    *,
    name: str,
    login: str | None,
    roles: set[str],
    locale: str = "zh",
) -> Person:
    """Enter somebody who has no password yet (they choose one through a reset link)."""
    check_roles_may_be_given(roles, actor_is_admin)
    person = add_person(
        session,
        name=name,
        login=checked_login(login) if login else None,
        locale=locale,
        roles={"student", *roles},
    )
    audit.record(session, actor_id, "person.enter", person.id)
    return person


def add_person(
    session: Session,
    *,
    name: str,
    login: str | None,
    locale: str,
    roles: set[str],
    demo: bool = False,
) -> Person:
    """Add a person and announce them; the database refuses a login that is taken."""
    person_id = new_id()
    values = {
        "id": person_id,
        "version": 1,
        "name": name,
        "name_search": searchable(name),
        "login": login,
        "login_key": searchable(login) if login else None,
        "locale": locale,
        "state": "active",
        "demo": demo,
        "created_at": now(),
    }
    if not insert_if_absent(session, Person.__table__, values, key=["login_key"]):
        raise LoginTaken(fields={"login": (LoginTaken.zh, LoginTaken.en)})
    person = person_by_id(session, person_id)
    person.give(roles)
    session.flush()
    events.person_registered(session, person)
    return person


def check_roles_may_be_given(roles: set[str], actor_is_admin: bool) -> None:
    """Refuse roles that this actor cannot give."""
    if not actor_is_admin and not roles <= ROLES_STAFF_MAY_GIVE:
        raise RoleNotYours(fields={"roles": (RoleNotYours.zh, RoleNotYours.en)})


def _sent_before(database: Database, login: str, password: str, name: str) -> Person | None:
    with database.reading() as session:
        account = account_of(session, login)
    if account is None:
        return None
    if not matches(password, account.password_hash):
        raise LoginTaken(fields={"login": (LoginTaken.zh, LoginTaken.en)})
    with database.reading() as session:
        person = person_by_id(session, account.person_id)
    if person.name != name or person.demo or person.created_at + SAME_FORM < now():
        raise LoginTaken(fields={"login": (LoginTaken.zh, LoginTaken.en)})
    return person
