"""Who was told what, and who was not, and why."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.notify.models import Contact, Delivery, Feed, Preference
from services.notify.models.contact import KINDS
from services.notify.models.delivery import APP, MAIL, NOT_TOLD, SENT, WAITING
from shared.clock import now
from shared.pagination import Page, page

UNTOLD = "untold"


def deliveries(
    session: Session,
    *,
    state: str | None = None,
    session_id: str | None = None,
    person_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return deliveries, newest first; state ``untold`` is failed, unknown or skipped."""
    statement = select(Delivery)
    if state == UNTOLD:
        statement = statement.where(Delivery.state.in_(NOT_TOLD))
    elif state:
        statement = statement.where(Delivery.state == state)
    if session_id:
        statement = statement.where(Delivery.session_id == session_id)
    if person_id:
        statement = statement.where(Delivery.recipient == person_id)
    keys = [Delivery.created_at, Delivery.id]
    return page(session, statement, keys, cursor, limit, descending=True)


def counts(session: Session, session_id: str | None = None) -> dict[str, int]:
    """Return how many mails stand in each state (of one session, or of all)."""
    statement = select(Delivery.state, func.count()).where(Delivery.channel == MAIL)
    if session_id:
        statement = statement.where(Delivery.session_id == session_id)
    rows = session.execute(statement.group_by(Delivery.state)).tuples()
    return dict(rows.all())


def oldest_waiting_seconds(session: Session) -> float:
    """Return for how long the oldest due mail has been waiting; 0 when none is."""
    due = select(func.min(Delivery.due_at)).where(
        Delivery.state == WAITING, Delivery.due_at <= now()
    )
    oldest = session.scalar(due)
    return max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0


def inbox(session: Session, person_id: str, cursor: str | None, limit: int) -> Page:
    """Return what a person was told in the app, newest first."""
    keys = [Delivery.sent_at, Delivery.id]
    return page(session, _told(select(Delivery), person_id), keys, cursor, limit, descending=True)


def unread(session: Session, person_id: str) -> int:
    """Return how many messages a person has not read yet."""
    statement = _told(select(func.count()), person_id).where(Delivery.read_at.is_(None))
    return session.scalar(statement) or 0


def preferences(session: Session, person_id: str) -> dict[str, bool]:
    """Return which kinds of news a person wants by mail; what was never said means yes."""
    rows: Sequence[Preference] = session.scalars(
        select(Preference).where(Preference.person_id == person_id)
    ).all()
    return dict.fromkeys(KINDS, True) | {row.kind: row.mail for row in rows}


def contact(session: Session, person_id: str) -> Contact | None:
    """Return where a person can be reached, or None."""
    return session.get(Contact, person_id)


def person_of_feed(session: Session, token: str) -> str | None:
    """Return whose calendar a secret address is, or None."""
    return session.scalar(select(Feed.person_id).where(Feed.token == token))


def _told(statement: Select[Any], person_id: str) -> Select[Any]:
    return statement.where(
        Delivery.recipient == person_id, Delivery.channel == APP, Delivery.state == SENT
    )
