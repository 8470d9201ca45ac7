"""Choosing another password: knowing the old one, or through a reset link."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.identity.errors import LinkEnded, WrongOldPassword
from services.identity.models import Credential, PasswordReset, Person
from services.identity.models.credential import check_strength, hashed, matches
from services.identity.models.sign_in import RESET_LASTS, hash_of, new_secret
from services.identity.queries.people import person_by_id, person_by_login
from services.identity.queries.sign_in import account_of_person, reset_of
from services.identity.use_cases.sign_in import close_all_sessions, count_attempt, forgive
from shared import audit
from shared.clock import now
from shared.database import Database, insert_for, one_row
from shared.ids import new_id


def change_password(database: Database, person_id: str, old: str, new: str) -> None:
    """Change a password; whoever else is signed in as this person is signed out."""
    count_attempt(database, "password", person_id, None)
    with database.reading() as session:
        account = account_of_person(session, person_id)
        person = person_by_id(session, person_id)
    if account is None or not matches(old, account.password_hash):
        raise WrongOldPassword(fields={"old": (WrongOldPassword.zh, WrongOldPassword.en)})
    check_strength(new, person.login, "new")
    password_hash = hashed(new)
    with database.transaction() as session:
        forgive(session, "password", person_id)
        _set_password(session, person_id, password_hash)
        audit.record(session, person_id, "password.change", person_id)


def ask_for_reset(
    database: Database, login: str, address: str | None, *, demo: bool
) -> tuple[str, str] | None:
    """Return (person id, secret of the link) for an account, None where there is none."""
    count_attempt(database, "reset", login, address)
    with database.transaction() as session:
        person = person_by_login(session, login)
        if person is None or (person.demo and not demo):
            return None
        return person.id, new_reset(session, person)


def new_reset(session: Session, person: Person) -> str:
    """Make a reset link for a person and return its secret; older links end."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
        .values(used_at=now())
    )
    secret = new_secret()
    session.add(
        PasswordReset(
            id=new_id(),
            person_id=person.id,
            secret_hash=hash_of(secret),
            ends_at=now() + RESET_LASTS,
        )
    )
    audit.record(session, person.id, "password.ask_reset", person.id)
    return secret


def complete_reset(database: Database, secret: str, password: str) -> None:
    """Choose a password through a link: once, in time; every sign-in of the person ends."""
    with database.reading() as session:
        reset = reset_of(session, hash_of(secret))
        if reset is None or reset.used_at is not None or reset.ends_at <= now():
            raise LinkEnded
        person = person_by_id(session, reset.person_id)
    if not person.is_active:
        raise LinkEnded
    check_strength(password, person.login)
    password_hash = hashed(password)
    with database.transaction() as session:
        used = session.execute(
            update(PasswordReset)
            .where(
                PasswordReset.id == reset.id,
                PasswordReset.used_at.is_(None),
                PasswordReset.ends_at > now(),
            )
            .values(used_at=now())
        )
        one_row(used, LinkEnded())
        _set_password(session, person.id, password_hash)
        if person.login:
            forgive(session, "sign-in", person.login)
        audit.record(session, person.id, "password.reset", person.id)


def _set_password(session: Session, person_id: str, password_hash: str) -> None:
    values = {"password_hash": password_hash, "changed_at": now()}
    session.execute(
        insert_for(session, Credential.__table__)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
    close_all_sessions(session, person_id)
