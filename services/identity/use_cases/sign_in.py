"""Signing in, staying signed in, signing out."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from services.identity.errors import FrontRefused, SignInEnded, SignInRefused
from services.identity.models import PasswordReset, Person, SignIn
from services.identity.models.credential import matches
from services.identity.models.person import searchable
from services.identity.models.sign_in import LONGEST, hash_of, new_secret
from services.identity.queries.people import person_by_id
from services.identity.queries.sign_in import account_of, sign_in_of
from shared import audit
from shared.clock import now
from shared.database import Database
from shared.ids import new_id
from shared.rate_limit import spend
from shared.tables import rate_bucket

PER_ACCOUNT, ACCOUNT_SECONDS = 10, 600
PER_ADDRESS, ADDRESS_SECONDS = 600, 600  # a whole campus shares one address
KEPT_AFTER_END = timedelta(days=2)


@dataclass(frozen=True)
class Renewal:
    """A sign-in that still stands; ``secret`` is new where it was rotated."""

    person: Person
    secret: str | None


def check_password(
    database: Database, login: str, password: str, address: str | None, *, demo: bool
) -> str:
    """Return the id of the person with this login and password; count the attempt first."""
    count_attempt(database, "sign-in", login, address)
    with database.reading() as session:
        account = account_of(session, login)
    right = matches(password, account.password_hash if account else None)
    if account is None or not right or (account.demo and not demo):
        raise SignInRefused
    with database.transaction() as session:
        forgive(session, "sign-in", login)
    return account.person_id


def count_attempt(database: Database, what: str, login: str, address: str | None) -> None:
    """Spend from the account's limit and from the address's higher one."""
    with database.transaction() as session:
        if address:
            spend(session, f"{what}-address", address[:100], PER_ADDRESS, ADDRESS_SECONDS)
        spend(session, what, _account_key(login), PER_ACCOUNT, ACCOUNT_SECONDS)


def forgive(session: Session, what: str, login: str) -> None:
    """Give an account its attempts back, after one that was right."""
    session.execute(
        delete(rate_bucket).where(
            rate_bucket.c.bucket == what, rate_bucket.c.key == _account_key(login)
        )
    )


def open_session(session: Session, person_id: str) -> tuple[Person, str]:
    """Sign a person in; return them and the fresh secret of their sign-in."""
    person = person_by_id(session, person_id)
    if not person.is_active:
        raise SignInRefused
    secret = new_secret()
    session.add(
        SignIn(
            id=new_id(),
            person_id=person.id,
            secret_hash=hash_of(secret),
            created_at=now(),
            seen_at=now(),
        )
    )
    audit.record(session, person.id, "sign_in.open", person.id)
    return person, secret


def renew(session: Session, secret: str, *, demo: bool) -> Renewal:
    """Keep a sign-in alive; after a change of roles its secret is rotated."""
    at, secret_hash = now(), hash_of(secret)
    found = sign_in_of(session, secret_hash)
    if found is None or not found.knows(secret_hash, at):
        raise SignInEnded
    person = person_by_id(session, found.person_id)
    if not person.is_active or not found.stands(at, person.roles) or (person.demo and not demo):
        raise SignInEnded
    found.seen_at = at
    if not found.rotate or found.secret_hash != secret_hash:
        return Renewal(person, None)
    fresh = new_secret()
    found.previous_hash, found.secret_hash = secret_hash, hash_of(fresh)
    found.rotate, found.rotated_at = False, at
    return Renewal(person, fresh)


def close_session(session: Session, secret: str) -> None:
    """Sign out; a secret that is not known is signed out already."""
    secret_hash = hash_of(secret)
    found = sign_in_of(session, secret_hash)
    if found is not None and found.knows(secret_hash, now()) and found.revoked_at is None:
        found.revoked_at = now()
        audit.record(session, found.person_id, "sign_in.close", found.person_id)


def close_all_sessions(session: Session, person_id: str) -> None:
    """Sign a person out everywhere."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def rotate_all_sessions(session: Session, person_id: str) -> None:
    """Have every sign-in of a person take a new secret at its next renewal."""
    session.execute(update(SignIn).where(SignIn.person_id == person_id).values(rotate=True))


def check_front_secret(secret: str, file: Path) -> None:
    """Refuse unless this is the secret that the web front was given."""
    known = file.read_text(encoding="utf-8").strip()
    if not hmac.compare_digest(secret.strip().encode(), known.encode()):
        raise FrontRefused


def forget_ended(database: Database) -> int:
    """Forget sign-ins and reset links that ended some time ago; return how many."""
    line = now() - KEPT_AFTER_END
    with database.transaction() as session:
        sign_ins = session.execute(
            delete(SignIn).where(
                or_(
                    SignIn.revoked_at < line,
                    SignIn.created_at < line - LONGEST,
                )
            )
        )
        resets = session.execute(delete(PasswordReset).where(PasswordReset.ends_at < line))
    return int(sign_ins.rowcount + resets.rowcount)  # type: ignore[attr-defined]  # DML results


def _account_key(login: str) -> str:
    return hashlib.sha256(searchable(login).encode()).hexdigest()
