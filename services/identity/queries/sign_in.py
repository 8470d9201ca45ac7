"""Reads about signing in: the password hash of an account, the sign-in of a secret."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.identity.models import Credential, PasswordReset, Person, SignIn
from services.identity.models.person import ACTIVE, searchable


@dataclass(frozen=True)
class Account:
    """What is needed to check a password."""

    person_id: str
    demo: bool
    password_hash: str | None


def account_of(session: Session, login: str) -> Account | None:
    """Return the account of a login, None where there is none."""
    return _account(session, Person.login_key == searchable(login))


def account_of_person(session: Session, person_id: str) -> Account | None:
    """Return the account of a person, None where there is none."""
    return _account(session, Person.id == person_id)


def sign_in_of(session: Session, secret_hash: str) -> SignIn | None:
    """Return the sign-in that this secret opens or opened before it was rotated; locked."""
    statement = (
        select(SignIn)
        .where(or_(SignIn.secret_hash == secret_hash, SignIn.previous_hash == secret_hash))
        .with_for_update()
    )
    return session.execute(statement).scalar_one_or_none()


def reset_of(session: Session, secret_hash: str) -> PasswordReset | None:
    """Return the reset link of a secret."""
    return session.execute(
        select(PasswordReset).where(PasswordReset.secret_hash == secret_hash)
    ).scalar_one_or_none()


def _account(session: Session, which: object) -> Account | None:
    row = session.execute(
        select(Person.id, Person.demo, Credential.password_hash)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(which, Person.state == ACTIVE)  # type: ignore[arg-type]  # a column expression
    ).one_or_none()
    return Account(row.id, row.demo, row.password_hash) if row else None
