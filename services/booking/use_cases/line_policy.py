"""Setting how a line is run, and the steps that a timer takes by it."""

from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from services.booking.models.line_policy import AUTO, SESSION, LinePolicy, LineRules
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.tap import KEEP_ACTS, Tap
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.queries import line_policy as queries
from services.booking.use_cases import ending, line
from shared import audit
from shared.database import Database, insert_if_absent, suite_time
from shared.errors import Refusal, Stale

NOBODY = "-"  # the actor of what the timer does


def set_policy(
    session: Session, kind: str, id: str, rules: dict[str, Any], *, expected: int, actor_id: str
) -> dict[str, Any]:
    """Set the rules of a session or an offering; `expected` is the version that was seen (0: none)."""
    queries.shown(session, kind, id)  # there is such a thing
    if expected == 0:
        row = {"id": id, "kind": kind, "version": 1, **rules}
        if not insert_if_absent(session, LinePolicy, row, key=["id"]):
            raise Stale
    else:
        own = _seen(session, id, expected)
        for name, value in rules.items():
            setattr(own, name, value)
        own.version += 1
    return _told(session, kind, id, actor_id)


def drop_policy(
    session: Session, kind: str, id: str, expected: int, actor_id: str
) -> dict[str, Any]:
    """Go back to the rules that hold otherwise."""
    queries.shown(session, kind, id)
    session.delete(_seen(session, id, expected))
    return _told(session, kind, id, actor_id)


def step_due(database: Database) -> int:
    """Take the steps of every line that are due, each in a transaction of its own; return how many.

    Somebody who did not come after the last call is absent (where that is automatic); somebody
    absent for too long gives the number up. A person who was quicker than the timer wins.
    """
    with database.reading() as session:
        due = [(*one, "absent") for one in _unanswered(session)]
        due += [(*one, "close") for one in _gone(session)]
    taken = 0
    for visit_id, version, step in due:
        try:
            with database.transaction() as session:
                taken += _step(session, visit_id, version, step)
        except Refusal:
            continue  # the desk was quicker
    return taken


def forget_acts(session: Session) -> None:
    """Forget what can no longer be taken back."""
    session.execute(delete(Tap).where(Tap.at < suite_time(session) - KEEP_ACTS))


def _seen(session: Session, id: str, expected: int) -> LinePolicy:
    lock = select(LinePolicy).where(LinePolicy.id == id).with_for_update()
    own = session.scalars(lock, execution_options={"populate_existing": True}).one_or_none()
    if own is None or own.version != expected:
        raise Stale
    return own


def _told(session: Session, kind: str, id: str, actor_id: str) -> dict[str, Any]:
    session.flush()
    audit.record(session, actor_id, f"{kind}.line_policy", id)
    if kind == SESSION:
        touch(session, id)
    return queries.shown(session, kind, id)


def _standing(session: Session, state: str) -> list[tuple[Visit, LineRules]]:
    found = session.execute(
        select(Visit, ServiceSession)
        .join(ServiceSession, ServiceSession.id == Visit.session_id)
        .where(Visit.state == state)
        .order_by(Visit.session_id, Visit.id)
    ).all()
    rules = queries.rules_of_all(session, {row.id: row for _, row in found}.values())
    return [(visit, rules[row.id]) for visit, row in found]


def _unanswered(session: Session) -> list[tuple[str, int]]:
    at = suite_time(session)
    return [
        (visit.id, visit.version)
        for visit, rules in _standing(session, "called")
        if rules.absent_mode == AUTO
        and visit.calls >= rules.calls_before_absent
        and visit.called_at is not None
        and at >= visit.called_at + rules.recall_after
    ]


def _gone(session: Session) -> list[tuple[str, int]]:
    at = suite_time(session)
    return [
        (visit.id, visit.version)
        for visit, rules in _standing(session, "absent")
        if visit.absent_at is not None
        and (after := rules.closes(visit.away_minutes)) is not None
        and at >= visit.absent_at + after
    ]


def _step(session: Session, visit_id: str, version: int, step: str) -> bool:
    """Take one step unless the visit has moved since it was seen."""
    same = exists().where(Visit.id == visit_id, Visit.version == version)
    busy = exists().where(Ticket.visit_id == visit_id, Ticket.state == "started")
    if not session.scalar(select(same)) or session.scalar(select(busy)):
        return False
    if step == "absent":
        line.mark_absent(session, visit_id, NOBODY)
    else:
        ending.close_absent(session, visit_id)
    return True
