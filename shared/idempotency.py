"""Idempotency keys: the same request sent twice is done once and answered twice.

The key stands with a fingerprint and the answer in the transaction of the change itself. Refusals
are not stored: they roll everything back, the key included.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shared.auth import maybe_person
from shared.clock import now
from shared.database import Database, insert_if_absent
from shared.errors import Invalid, KeyReused
from shared.tables import idempotency_key

HEADER = "Idempotency-Key"
KEEP = timedelta(hours=24)
LONGEST = 200


class BadKey(Invalid):
    """The key does not look like one."""

    code = "bad_idempotency_key"
    zh = "Idempotency-Key 需要 1–200 个可见字符。"
    en = "An Idempotency-Key has 1 to 200 visible characters."


@dataclass(frozen=True)
class Key:
    """A client's key with its scope (person and route) and the fingerprint of the request."""

    key: str
    person_id: str
    route: str
    fingerprint: str

    def row(self) -> dict[str, Any]:
        """Return the row that claims this key (without an answer yet)."""
        return {
            "key": self.key,
            "person_id": self.person_id,
            "route": self.route,
            "fingerprint": self.fingerprint,
            "kept_at": now(),
        }


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: Any


def requested_key() -> Key | None:
    """Return the current request's key, None where the client sent none."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise BadKey
    person = maybe_person()
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    # a multipart body carries a random boundary: its parsed parts are the same, its bytes are not
    digest.update(b"" if request.mimetype == "multipart/form-data" else request.get_data())
    route = f"{request.method} {request.path}"[:LONGEST]
    return Key(key, person.id if person else "-", route, digest.hexdigest())


def claim(session: Session, key: Key) -> Answer | None:
    """Claim ``key`` in this transaction; return the first answer if it was used before.

    Another body under the same key is ``KeyReused``. A request that is under way with the same key
    is waited for (its row is locked until it ends).
    """
    columns = ["key", "person_id", "route"]
    if insert_if_absent(session, idempotency_key, key.row(), key=columns):
        return None
    row = session.execute(select(idempotency_key).where(_is(key))).one()
    if row.fingerprint != key.fingerprint:
        raise KeyReused
    return Answer(row.status, row.answer)


def settle(session: Session, key: Key, answer: Answer) -> None:
    """Store the answer beside the claimed key."""
    session.execute(
        update(idempotency_key).where(_is(key)).values(status=answer.status, answer=answer.body)
    )


def prune(database: Database) -> int:
    """Forget keys older than a day; return how many."""
    with database.transaction() as session:
        statement = delete(idempotency_key).where(idempotency_key.c.kept_at < now() - KEEP)
        return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # DML result


def _is(key: Key) -> Any:
    table = idempotency_key.c
    return (table.key == key.key) & (table.person_id == key.person_id) & (table.route == key.route)
