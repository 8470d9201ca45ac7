"""Noticing what is at risk when volunteers fall away, and what a coordinator decides about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.live import touch
from services.booking.models.offering import Offering
from services.booking.models.risk import STAND_IN, DroppedShift, Risk, stand_in_until
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from shared import audit
from shared.database import insert_if_absent, one_row, suite_now, suite_time
from shared.errors import NotFound

KEEP_DROPS = timedelta(days=30)


def stand_in_minutes(session: Session, row: ServiceSession) -> int:
    """Return how long stand-ins are looked for: the session's figure, the offering's, or two hours."""
    if row.stand_in_minutes is not None:
        return row.stand_in_minutes
    offering = session.get(Offering, row.offering_id)
    own = offering.stand_in_minutes if offering else None
    return STAND_IN if own is None else own


def follow(session: Session, row: ServiceSession, slots: Iterable[tuple[Slot, int]]) -> None:
    """Begin, keep or end the risks of (locked) slots, each with the devices above until now.

    A volunteer who comes back ends a risk without a word to anybody. A further drop does not start
    the time anew, unless what was above had been kept by hand.
    """
    mine = select(Risk).where(Risk.session_id == row.id)
    fresh = session.scalars(mine, execution_options={"populate_existing": True})
    known = {risk.slot_id: risk for risk in fresh}
    at = suite_time(session)
    for slot, before in slots:
        over = slot.taken - slot.open_capacity
        gone = over <= 0 or slot.retired or slot.starts_at <= at
        risk = known.get(slot.id)
        if risk is not None and (gone or before <= 0):
            session.delete(risk)
            session.flush()
            risk = None
        if gone:
            continue
        until = stand_in_until(at, slot.starts_at, stand_in_minutes(session, row))
        if risk is None:
            session.add(Risk(slot_id=slot.id, session_id=row.id, since=at, until=until, kept=0))
        elif over > before and risk.kept >= before:
            risk.since, risk.until = at, until


def note_missing(session: Session) -> None:
    """Notice slots above their capacity that no drop has put at risk.

    An offer that was promised while a volunteer left is kept: its place may lie above.
    """
    noted = select(Risk.slot_id).where(Risk.slot_id == Slot.id)
    above = (Slot.taken > Slot.open_capacity) & ~Slot.retired & (Slot.starts_at > suite_now())
    published = select(ServiceSession).join(Slot, Slot.session_id == ServiceSession.id)
    wanted = published.where(above, ~noted.exists(), ServiceSession.state == "published")
    for row in session.scalars(wanted.distinct().order_by(ServiceSession.id)).all():
        lock = select(ServiceSession.id).where(ServiceSession.id == row.id)
        session.execute(lock.with_for_update(key_share=True))
        mine = select(Slot).where(above, ~noted.exists(), Slot.session_id == row.id)
        slots = session.scalars(mine.order_by(Slot.id).with_for_update(key_share=True)).all()
        follow(session, row, [(slot, 0) for slot in slots])
    session.flush()


def note_shift(session: Session, id: str, values: dict[str, Any], at: datetime) -> None:
    """Remember a shift that fell away, or forget it when its volunteer is back."""
    if values["state"] != "dropped":
        session.execute(delete(DroppedShift).where(DroppedShift.assignment_id == id))
        return
    names = ("session_id", "person_id", "role", "skill", "starts_at", "ends_at")
    kept = {name: values.get(name) for name in names}
    row = {"assignment_id": id, "dropped_at": at, **kept}
    insert_if_absent(session, DroppedShift, row, key=["assignment_id"])


def forget_old(session: Session) -> None:
    """Forget shifts that fell away long ago."""
    old = suite_time(session) - KEEP_DROPS
    session.execute(delete(DroppedShift).where(DroppedShift.dropped_at < old))


def set_stand_in(
    session: Session, kind: str, id: str, minutes: int | None, actor_id: str
) -> dict[str, Any]:
    """Set the stand-in time of a session or an offering; risks that stand follow it."""
    model: Any = ServiceSession if kind == "session" else Offering
    change = update(model).where(model.id == id).values(stand_in_minutes=minutes)
    one_row(session.execute(change), NotFound())
    mine = ServiceSession.id == id if kind == "session" else ServiceSession.offering_id == id
    for row in session.scalars(select(ServiceSession).where(mine).order_by(ServiceSession.id)):
        _recount(session, row)
    audit.record(session, actor_id, f"{kind}.stand_in", id)
    return {"minutes": minutes}


def wait_longer(session: Session, slot_id: str, minutes: int, actor_id: str) -> str:
    """Look for stand-ins `minutes` longer, at most until the slot starts; return the session's id."""
    slot, risk = at_risk(session, slot_id)
    begin = max(risk.until, suite_time(session))
    risk.until = min(begin + timedelta(minutes=minutes), slot.starts_at)
    return _decided(session, slot, "slot.wait_longer", actor_id)


def keep_by_hand(session: Session, slot_id: str, actor_id: str) -> str:
    """Keep everybody who is above now: the coordinator sees to it that they are served."""
    slot, risk = at_risk(session, slot_id)
    risk.kept = slot.taken - slot.open_capacity
    return _decided(session, slot, "slot.keep", actor_id)


def at_risk(session: Session, slot_id: str) -> tuple[Slot, Risk]:
    """Lock the session, return the slot and its risk; a refusal where there is none any more."""
    session_id = session.scalars(select(Slot.session_id).where(Slot.id == slot_id)).one_or_none()
    if session_id is None:
        raise NotFound
    lock = select(ServiceSession.id).where(ServiceSession.id == session_id)
    session.execute(lock.with_for_update(key_share=True))
    fresh = {"populate_existing": True}
    slot = session.get_one(Slot, slot_id, **fresh)  # type: ignore[arg-type]  # an option of get_one
    risk = session.get(Risk, slot_id, **fresh)  # type: ignore[arg-type]  # likewise
    if risk is None or slot.taken <= slot.open_capacity + risk.kept:
        raise errors.NotAtRisk
    return slot, risk


def _recount(session: Session, row: ServiceSession) -> None:
    minutes = stand_in_minutes(session, row)
    risks = select(Risk, Slot.starts_at).join(Slot, Slot.id == Risk.slot_id)
    for risk, starts_at in session.execute(risks.where(Risk.session_id == row.id)).all():
        risk.until = stand_in_until(risk.since, starts_at, minutes)
    session.flush()


def _decided(session: Session, slot: Slot, action: str, actor_id: str) -> str:
    session.flush()
    audit.record(session, actor_id, action, slot.id)
    touch(session, slot.session_id)
    return slot.session_id
