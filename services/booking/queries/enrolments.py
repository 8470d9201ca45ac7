"""Reads of enrolments: one person's, one session's, with places on the waitlist."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.booking.models.enrolment import Enrolment
from services.booking.models.session import ServiceSession
from services.booking.queries.quizzes import standings
from services.booking.queries.sessions import known, summary
from shared.database import suite_time
from shared.pagination import Page, page


def shown(session: Session, rows: Sequence[Enrolment]) -> list[dict[str, Any]]:
    """Return enrolments with their session and waitlist place."""
    at = suite_time(session)
    wanted = select(ServiceSession).where(ServiceSession.id.in_({row.session_id for row in rows}))
    sessions = {row.id: row for row in session.scalars(wanted)}
    quizzes = standings(session, rows)
    places = _places(session, [row.id for row in rows if row.rank is not None])
    return [
        _plain(row)
        | {
            "place": places.get(row.id),
            "quiz": quizzes.get(row.id),
            "session": summary(sessions[row.session_id]),
            "can": {
                "leave": row.state in ("enrolled", "waitlisted")
                and at < sessions[row.session_id].starts_at
            },
        }
        for row in rows
    ]


def of_person(session: Session, person_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return a person's enrolments, the latest first."""
    statement = select(Enrolment).where(Enrolment.person_id == person_id)
    latest = statement.order_by(Enrolment.created_at.desc(), Enrolment.id).limit(limit)
    return shown(session, session.scalars(latest).all())


def of_session(
    session: Session, session_id: str, cursor: str | None, limit: int, state: str | None = None
) -> Page:
    """Return one page of a session's enrolments in the order they came."""
    known(session, session_id)
    statement = select(Enrolment).where(Enrolment.session_id == session_id)
    if state:
        statement = statement.where(Enrolment.state == state)
    found = page(session, statement, [Enrolment.created_at, Enrolment.id], cursor, limit)
    return Page(shown(session, found.items), found.next_cursor)


def _places(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Return the 1-based waitlist places of `ids`, in one statement."""
    if not ids:
        return {}
    mine = select(Enrolment.session_id).where(Enrolment.id.in_(ids))
    ranked = (
        select(
            Enrolment.id,
            func.row_number()
            .over(partition_by=Enrolment.session_id, order_by=Enrolment.rank)
            .label("place"),
        )
        .where(Enrolment.session_id.in_(mine), Enrolment.state == "waitlisted")
        .subquery()
    )
    statement = select(ranked.c.id, ranked.c.place).where(ranked.c.id.in_(ids))
    return {id: int(place) for id, place in session.execute(statement)}


def _plain(row: Enrolment) -> dict[str, Any]:
    names = ("id", "session_id", "person_id", "state", "by", "reason", "created_at", "version")
    return {name: getattr(row, name) for name in names}
