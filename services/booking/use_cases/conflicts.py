"""A person decides a conflict: keep what the desk meant, keep what stands, or put it aside."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.appointment import Appointment
from services.booking.models.desk_act import KEEP_WORDS, DeskAct, DeskConflict
from services.booking.models.live import touch
from services.booking.models.session import ServiceSession
from services.booking.models.ticket import Ticket
from services.booking.models.visit import Visit
from services.booking.use_cases import line, tickets
from services.booking.use_cases.desk_acts import Act, perform
from services.booking.use_cases.desk_meaning import ticket_meant, visit_meant
from services.booking.use_cases.line_rules import refuse_bench, refuse_busy
from services.booking.use_cases.projection import locked as locked_session
from shared import audit
from shared.database import suite_time
from shared.errors import NotFound


def decide(
    session: Session, act_id: str, decision: str, actor_id: str, secret: bytes
) -> DeskConflict:
    """Decide a conflict once. `mine` does what was meant now, or says why that is impossible."""
    kept, row = _locked(session, act_id)
    done = session.execute(
        update(DeskConflict)
        .where(DeskConflict.act_id == act_id, DeskConflict.state == "open")
        .values(state=decision, decided_by=actor_id, decided_at=suite_time(session))
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # DML result
        raise errors.DecidedAlready
    if decision == "mine":
        visit = insist(session, row, _act(kept, actor_id, secret))
        kept.visit_id = visit.id if visit else None
    kept.given = {name: value for name, value in kept.given.items() if name != "name"}
    session.flush()
    audit.record(session, actor_id, f"conflict.{decision}", act_id)
    touch(session, row.id)
    return session.get_one(DeskConflict, act_id, populate_existing=True)


def insist(session: Session, row: ServiceSession, act: Act) -> Visit | None:
    """Do what was meant although something else stands: make way first where that is possible."""
    make_way = {
        "check_in": _arrive_anyway,
        "call": _call_here,
        "start": _bring_back,
        "outcome": _take_outcome_back,
    }.get(act.kind)
    done = make_way(session, row, act) if make_way else None
    return done or perform(session, row, act)


def forget_words(session: Session) -> None:
    """Forget what old acts said (a typed name may be in it)."""
    old = DeskAct.recorded_at < suite_time(session) - KEEP_WORDS
    session.execute(update(DeskAct).where(old).values(given={}))


def _locked(session: Session, act_id: str) -> tuple[DeskAct, ServiceSession]:
    kept = session.get(DeskAct, act_id)
    row = locked_session(session, kept.session_id) if kept else None
    if kept is None or row is None:
        raise NotFound
    return kept, row


def _act(kept: DeskAct, actor_id: str, secret: bytes) -> Act:
    return Act(kept.id, actor_id, kept.kind, dict(kept.given), kept.occurred_at, secret)


def _arrive_anyway(session: Session, row: ServiceSession, act: Act) -> Visit | None:
    """Who is here stands in line, whatever became of the booking: as a walk-in with the same devices."""
    booking = session.get(Appointment, act.given.get("appointment_id") or "")
    if booking is None or booking.session_id != row.id or booking.state != "cancelled":
        return None
    mine = select(Ticket).where(Ticket.appointment_id == booking.id).order_by(Ticket.id)
    devices = [
        {"category_id": one.category_id, "brand": one.brand, "problem": one.problem}
        for one in session.scalars(mine)
    ]
    given = {"person_id": booking.person_id, "devices": devices}
    return perform(session, row, Act(act.id, act.actor_id, "walk_in", given, act.occurred_at, b""))


def _call_here(session: Session, row: ServiceSession, act: Act) -> Visit | None:
    visit, bench = visit_meant(session, row, act.given), act.given["bench"]
    if visit.state == "absent":
        line.come_back(session, visit.id, act.actor_id)
        return None
    if visit.state != "called" or visit.bench == bench:
        return None
    refuse_bench(row, bench)
    refuse_busy(session, row.id, bench, besides=visit.id)
    at: datetime = suite_time(session)
    values = {"bench": bench, "calls": Visit.calls + 1, "called_at": at}
    return line.change(
        session,
        visit.id,
        ("called",),
        values,
        verb="called",
        actor_id=act.actor_id,
        action="visit.move_bench",
    )


def _bring_back(session: Session, row: ServiceSession, act: Act) -> None:
    _, visit = ticket_meant(session, row, act.given)
    if visit.state == "absent":
        line.come_back(session, visit.id, act.actor_id)


def _take_outcome_back(session: Session, row: ServiceSession, act: Act) -> None:
    ticket, visit = ticket_meant(session, row, act.given)
    if visit.state == "absent":
        line.come_back(session, visit.id, act.actor_id)
    elif ticket.state == "closed":
        tickets.reopen(session, ticket.id, act.actor_id)
