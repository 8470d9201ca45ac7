"""The one line: calling, calling again, absent, back in line. One UPDATE decides each."""

from datetime import datetime
from typing import Any

from prometheus_client import Histogram
from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from services.booking import events
from services.booking.models.live import touch
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit, turn_back
from services.booking.queries import visits
from services.booking.queries.line_policy import rules_of
from services.booking.queries.sessions import known
from services.booking.use_cases.line_rules import (
    explained,
    nobody,
    refuse_bench,
    refuse_busy,
    wrong_state,
)
from shared import audit
from shared.database import suite_time
from shared.telemetry import REGISTRY

AWAKE = {"snoozed_until": None, "snoozed_from": None}
WAIT_ERROR = Histogram(
    "suite_wait_estimate_error_minutes",
    "Minutes a real wait lay outside the range told at arrival.",
    buckets=(0, 1, 2, 5, 10, 20, 40, 80),
    registry=REGISTRY,
)


def call_next(
    session: Session,
    session_id: str,
    bench: int,
    actor_id: str,
    number: str | None = None,
    *,
    at: datetime | None = None,
) -> Visit:
    """Call the first in line (or, after an offline call made `at` then, the one with `number`).

    One locked statement chooses and calls: two desks at once get two people. Who asked for a few
    minutes is passed over until then, unless named.
    """
    row = known(session, session_id)
    refuse_bench(row, bench)
    at = at or suite_time(session)
    try:
        id = session.execute(calling(session_id, bench, at, number)).scalar_one_or_none()
        if id is None:  # whoever waits may just be changing: now wait for that, and look again
            again = calling(session_id, bench, at, number, patient=True)
            id = session.execute(again).scalar_one_or_none()
    except IntegrityError as error:
        raise explained(error, bench) from error
    if id is None:
        refuse_busy(session, session_id, bench)
        raise nobody(session, session_id, number)
    visit = visits.locked(session, id)
    if visit.calls == 1:
        _observe(visit, at)
    tell(session, "called", visit)
    audit.record(session, actor_id, "visit.call", visit.id)
    touch(session, session_id)
    return visit


def calling(
    session_id: str,
    bench: int,
    at: datetime,
    number: str | None = None,
    *,
    patient: bool = False,
) -> Any:
    """The statement that calls: the first row nobody else is calling, if the bench is free.

    `patient` waits for rows that somebody else is changing instead of passing them over.
    """
    first = aliased(Visit)
    waits = (first.session_id == session_id) & (first.state == "waiting")
    if number:
        waits = waits & (first.number == number)
    else:
        waits = waits & or_(first.snoozed_until.is_(None), first.snoozed_until <= at)
    order = (first.turn_at, first.appointment_id.is_(None), first.arrived_at, first.number)
    chosen = (
        select(first.id)
        .where(waits)
        .order_by(*order)
        .limit(1)
        .with_for_update(skip_locked=not patient)
        .scalar_subquery()
    )
    busy = exists().where(
        Ticket.session_id == session_id, Ticket.bench == bench, Ticket.state == "started"
    )
    values = {"state": "called", "bench": bench, "called_at": at, "calls": Visit.calls + 1, **AWAKE}
    return (
        update(Visit)
        .where(Visit.id == chosen, Visit.state == "waiting", ~busy)
        .values(**values, version=Visit.version + 1)
        .returning(Visit.id)
        .execution_options(synchronize_session=False)
    )


def recall(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Call somebody once more."""
    values = {"calls": Visit.calls + 1, "called_at": suite_time(session)}
    return change(
        session,
        visit_id,
        ("called",),
        values,
        verb="called",
        actor_id=actor_id,
        action="visit.recall",
    )


def mark_absent(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Free the bench of somebody who was called and did not come; they may come back."""
    values = {"state": "absent", "bench": None, "absent_at": suite_time(session)}
    return change(
        session,
        visit_id,
        ("called",),
        values,
        verb="closed",
        actor_id=actor_id,
        action="visit.absent",
    )


def come_back(session: Session, visit_id: str, actor_id: str) -> Visit:
    """Put somebody who was absent back in line; who is in line already simply stays there.

    Within the time that the policy gives they keep their turn.
    """
    visit = visits.locked(session, visit_id)
    if visit.state in ("waiting", "called", "serving"):
        return visit
    at = suite_time(session)
    keeps = rules_of(session, known(session, visit.session_id)).keeps(visit.away_minutes)
    turn_at = turn_back(visit.turn_at, (visit.absent_at or at) + keeps, at)
    values = {"state": "waiting", "turn_at": turn_at, "absent_at": None, "ended_by": None}
    return change(
        session,
        visit_id,
        ("absent",),
        values,
        verb="arrived",
        actor_id=actor_id,
        action="visit.return",
    )


def change(
    session: Session,
    visit_id: str,
    expected: tuple[str, ...],
    values: dict[str, Any],
    *,
    verb: str,
    actor_id: str,
    action: str,
) -> Visit:
    """Move a visit from an expected state with one UPDATE, announce it, and show it."""
    statement = (
        update(Visit)
        .where(Visit.id == visit_id, Visit.state.in_(expected))
        .values(**values, version=Visit.version + 1)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(statement).rowcount  # type: ignore[attr-defined]  # DML result
    visit = visits.locked(session, visit_id)
    if done != 1:
        raise wrong_state(visit)
    tell(session, verb, visit)
    audit.record(session, actor_id, action, visit_id)
    touch(session, visit.session_id)
    return visit


def tell(session: Session, verb: str, visit: Visit) -> None:
    """Announce how a visit stands; of an absent person also until when the turn is kept."""
    until = None
    if visit.state == "absent" and visit.absent_at is not None:
        keeps = rules_of(session, known(session, visit.session_id)).keeps(visit.away_minutes)
        until = visit.absent_at + keeps
    events.visit(session, verb, visit, until)


def _observe(visit: Visit, at: datetime) -> None:
    since = visit.recorded_at if visit.recorded_at <= at else min(visit.arrived_at, at)
    waited = visit.waited = (at - since).total_seconds() / 60
    if visit.told_low is None or visit.told_high is None:
        return
    WAIT_ERROR.observe(max(0.0, visit.told_low - waited, waited - visit.told_high))
