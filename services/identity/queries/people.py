"""Reads about people: one, a page of them, their names in a batch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from services.identity.errors import NoSuchPerson
from services.identity.models import Person, Role
from services.identity.models.person import ACTIVE, searchable
from shared.masking import masked_name
from shared.pagination import Page, page


def person_by_id(session: Session, person_id: str) -> Person:
    """Return the person; nobody is ``NoSuchPerson``."""
    person = session.get(Person, person_id)
    if person is None:
        raise NoSuchPerson
    return person


def person_for_change(session: Session, person_id: str) -> Person:
    """Return the person, locked until the transaction ends."""
    statement = select(Person).where(Person.id == person_id).with_for_update()
    person = session.execute(statement).scalar_one_or_none()
    if person is None:
        raise NoSuchPerson
    return person


def person_by_login(session: Session, login: str) -> Person | None:
    """Return the active person with this login, whatever its letter case."""
    statement = select(Person).where(Person.login_key == searchable(login), Person.state == ACTIVE)
    return session.execute(statement).scalar_one_or_none()


def known_logins(session: Session, logins: Sequence[str]) -> dict[str, str]:
    """Return login key → person id for those of ``logins`` that are taken."""
    keys = [searchable(login) for login in logins]
    found: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        rows = session.execute(
            select(Person.login_key, Person.id).where(Person.login_key.in_(part))
        )
        found.update({str(row.login_key): row.id for row in rows})
    return found


def people_page(
    session: Session, q: str | None, role: str | None, cursor: str | None, limit: int
) -> Page:
    """Return a page of active people by name, those whose name or login holds ``q``."""
    return page(
        session, _matching(q, role), [Person.name_search, Person.id], cursor=cursor, limit=limit
    )


def names_of(session: Session, ids: Sequence[str], *, whole: bool) -> list[dict[str, Any]]:
    """Return the names of ``ids``, whole or masked only; unknown ids are left out."""
    rows = session.execute(
        select(Person.id, Person.name, Person.state).where(Person.id.in_(set(ids)))
    )
    return [
        {
            "id": row.id,
            "name": row.name if whole and row.state == ACTIVE else None,
            "masked": masked_name(row.name) if row.state == ACTIVE else "*",
        }
        for row in rows
    ]


def administrators(session: Session) -> int:
    """Count the administrators, all of them locked: two cannot step down past each other."""
    rows = session.execute(
        select(Role.person_id)
        .where(Role.role == "admin")
        .order_by(Role.person_id)
        .with_for_update()
    )
    return len(rows.all())


def count_people(session: Session) -> int:
    """Count the active people."""
    return session.execute(
        select(func.count()).select_from(Person).where(Person.state == ACTIVE)
    ).scalar_one()


def _matching(q: str | None, role: str | None) -> Select[Any]:
    statement = select(Person).where(Person.state == ACTIVE)
    if q and (sought := searchable(q)):
        statement = statement.where(
            or_(
                Person.name_search.contains(sought, autoescape=True),
                Person.login_key.startswith(sought, autoescape=True),
            )
        )
    if role:
        statement = statement.where(Person.held.any(Role.role == role))
    return statement
