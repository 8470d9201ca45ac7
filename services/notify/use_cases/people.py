"""Where people can be reached, what they want by mail, their calendar address, and forgetting them."""

import secrets
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.notify.errors import PersonErased
from services.notify.models import (
    Contact,
    CustodyCopy,
    Delivery,
    Engagement,
    Feed,
    Preference,
    Visit,
)
from services.notify.models.delivery import APP, SKIPPED, WAITING
from shared.clock import now
from shared.database import insert_for, insert_if_absent
from shared.ids import new_id


def put_contact(session: Session, person_id: str, email: str | None, locale: str) -> Contact:
    """Keep where a person can be reached; the same call again changes nothing."""
    row = {"person_id": person_id, "locale": locale, "state": "active", "updated_at": now()}
    insert_if_absent(session, Contact, {**row, "person_version": 0}, key=["person_id"])
    contact = session.get_one(Contact, person_id, populate_existing=True)
    if contact.state == "erased":
        raise PersonErased
    contact.email, contact.locale, contact.updated_at = email, locale, now()
    session.flush()
    return contact


def keep_person(session: Session, person_id: str, version: int, data: dict[str, Any]) -> None:
    """Keep a person's language as identity announced it; an erased person stays erased."""
    locale = data.get("locale") if data.get("locale") in ("zh", "en") else "zh"
    statement = insert_for(session, Contact).values(
        person_id=person_id,
        locale=locale,
        state="active",
        person_version=version,
        updated_at=now(),
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"locale": locale, "person_version": version, "updated_at": now()},
            where=(Contact.person_version < version) & (Contact.state == "active"),
        )
    )


def erase_person(session: Session, person_id: str, version: int) -> None:
    """Forget a person: address, wishes, inbox, calendar and parts; what was sent stays, nameless."""
    row = {"person_id": person_id, "locale": "zh", "state": "erased", "updated_at": now()}
    insert_if_absent(session, Contact, {**row, "person_version": version}, key=["person_id"])
    session.execute(
        update(Contact)
        .where(Contact.person_id == person_id)
        .values(email=None, locale="zh", state="erased", person_version=version, updated_at=now())
    )
    mine = Delivery.recipient == person_id
    session.execute(delete(Preference).where(Preference.person_id == person_id))
    session.execute(delete(Feed).where(Feed.person_id == person_id))
    session.execute(delete(Delivery).where(mine, Delivery.channel == APP))
    session.execute(delete(Engagement).where(Engagement.person_id == person_id))
    session.execute(update(Visit).where(Visit.person_id == person_id).values(person_id=None))
    kept = update(CustodyCopy).where(CustodyCopy.person_id == person_id)
    session.execute(kept.values(person_id=None))
    waiting = update(Delivery).where(mine, Delivery.state == WAITING)
    session.execute(waiting.values(state=SKIPPED, reason="erased"))
    nameless: dict[str, Any] = {
        "recipient": new_id(),
        "params": {},
        "engagement_id": None,
        "answer": None,
    }
    for id in session.scalars(select(Delivery.id).where(mine)).all():
        changed = update(Delivery).where(Delivery.id == id)
        session.execute(changed.values(**nameless, occasion=f"erased:{id}"))


def set_preferences(session: Session, person_id: str, mail: dict[str, bool]) -> None:
    """Keep which kinds of news a person wants by mail; kinds not named stay as they are."""
    for kind, wanted in mail.items():
        row = {"person_id": person_id, "kind": kind, "mail": wanted}
        statement = insert_for(session, Preference).values(**row)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["person_id", "kind"], set_={"mail": wanted}
            )
        )


def feed_of(session: Session, person_id: str) -> str:
    """Return the secret of a person's calendar address; it is made at first use."""
    row = {"person_id": person_id, "token": secrets.token_urlsafe(32), "made_at": now()}
    insert_if_absent(session, Feed, row, key=["person_id"])
    return session.get_one(Feed, person_id, populate_existing=True).token


def renew_feed(session: Session, person_id: str) -> str:
    """Give a person's calendar a new secret; the old address ends at once."""
    feed_of(session, person_id)
    token = secrets.token_urlsafe(32)
    mine = update(Feed).where(Feed.person_id == person_id)
    session.execute(mine.values(token=token, made_at=now()))
    return token


def mark_read(session: Session, person_id: str, ids: list[str] | None) -> None:
    """Mark messages of a person's inbox as read: these, or all when ``ids`` is None."""
    statement = update(Delivery).where(
        Delivery.recipient == person_id, Delivery.channel == APP, Delivery.read_at.is_(None)
    )
    if ids is not None:
        statement = statement.where(Delivery.id.in_(ids))
    session.execute(statement.values(read_at=now()))
