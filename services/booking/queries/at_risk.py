"""Reads of what is at risk: which slots, why, until when, and who would be displaced."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models.appointment import Appointment
from services.booking.models.offering import Offering
from services.booking.models.risk import STAND_IN, DroppedShift, Risk
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.queries.sessions import known, summary
from shared.database import suite_time

OVER = Slot.taken > Slot.open_capacity


def newest_above(session: Session, slot: Slot, kept: int) -> list[Appointment]:
    """Return the newest bookings of a slot that together hold what lies above, the oldest first.

    Newest by the moment of booking, then by id. Who has arrived is not among them.
    """
    newest = (
        select(Appointment)
        .where(Appointment.slot_id == slot.id, Appointment.state == "booked")
        .order_by(Appointment.created_at.desc(), Appointment.id.desc())
    )
    above, found = slot.taken - slot.open_capacity - kept, []
    for appointment in session.scalars(newest, execution_options={"populate_existing": True}):
        if above <= 0:
            break
        above -= appointment.devices
        found.append(appointment)
    return found[::-1]


def of_session(session: Session, session_id: str) -> dict[str, Any]:
    """Return what is at risk in one session, with the stand-in time that holds for it."""
    row = known(session, session_id)
    offering = session.get(Offering, row.offering_id)
    usual = offering.stand_in_minutes if offering else None
    usual = STAND_IN if usual is None else usual
    own = row.stand_in_minutes
    return {
        "session_id": session_id,
        "offering_id": row.offering_id,
        "stand_in_minutes": usual if own is None else own,
        "own_minutes": own,
        "usual_minutes": usual,
        "items": _items(session, [row]),
    }


def everywhere(session: Session) -> dict[str, Any]:
    """Return what is at risk in every session, by the moment at which somebody is displaced."""
    rows = select(ServiceSession).join(Risk, Risk.session_id == ServiceSession.id).distinct()
    items = _items(session, session.scalars(rows).all())
    return {"items": sorted(items, key=lambda item: (item["until"], item["slot_id"]))}


def _items(session: Session, rows: Sequence[ServiceSession]) -> list[dict[str, Any]]:
    by_id = {row.id: row for row in rows}
    wanted = (
        select(Risk, Slot)
        .join(Slot, Slot.id == Risk.slot_id)
        .where(
            Risk.session_id.in_(by_id), OVER, ~Slot.retired, Slot.starts_at > suite_time(session)
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    drops = _drops(session, list(by_id))
    return [
        _item(session, by_id[slot.session_id], risk, slot, drops)
        for risk, slot in session.execute(wanted).all()
    ]


def _item(
    session: Session, row: ServiceSession, risk: Risk, slot: Slot, drops: Sequence[DroppedShift]
) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "open_capacity", "taken")
    return {
        "slot_id": slot.id,
        "session": summary(row),
        **{name: getattr(slot, name) for name in names},
        "over": slot.taken - slot.open_capacity,
        "since": risk.since,
        "until": risk.until,
        "kept": risk.kept,
        "drops": [one for one in drops if _touches(one, slot)],
        "would_go": newest_above(session, slot, risk.kept),
    }


def _touches(drop: DroppedShift, slot: Slot) -> bool:
    if drop.session_id != slot.session_id or drop.starts_at is None or drop.ends_at is None:
        return False
    return drop.starts_at < slot.ends_at and slot.starts_at < drop.ends_at


def _drops(session: Session, ids: Sequence[str]) -> Sequence[DroppedShift]:
    wanted = select(DroppedShift).where(DroppedShift.session_id.in_(ids))
    latest = wanted.order_by(DroppedShift.dropped_at.desc(), DroppedShift.assignment_id)
    return session.scalars(latest).all()
