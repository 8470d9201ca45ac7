"""The rules of waiting for a full slot, and who they refuse."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.session import ServiceSession
from services.booking.models.slot import Slot
from services.booking.models.waitlist import of_use
from services.booking.use_cases import limits
from services.booking.use_cases.booking_rules import refuse_draw
from services.booking.use_cases.waitlist_offers import busy_times, could_come
from shared.database import suite_time


def refuse_waiting(
    session: Session,
    row: ServiceSession,
    person_id: str,
    devices: int,
    wishes: list[str],
    *,
    staff: bool,
    alone: bool = True,
) -> None:
    """Refuse to wait where nobody could book, where there is room, or where it is of no use.

    `alone`: room for one is a reason not to wait; who wants to come along with somebody may.
    """
    at = suite_time(session)
    if row.state != "published":
        raise errors.SessionCancelled
    if not row.is_repair:
        raise errors.NoSlotsHere
    if not staff:
        _refuse_closed(session, at, row)
        if limit := limits.reached(session, row, person_id):
            raise limit
    if devices > row.max_devices:
        texts = (f"最多 {row.max_devices} 件。", f"At most {row.max_devices}.")
        raise errors.TooManyDevices(most=row.max_devices, fields={"devices": texts})
    slots = session.scalars(select(Slot).where(Slot.session_id == row.id, ~Slot.retired)).all()
    if not set(wishes) <= {slot.id for slot in slots}:
        raise errors.NoSuchTime(fields={"slots": (errors.NoSuchTime.zh, errors.NoSuchTime.en)})
    wanted = [slot for slot in slots if not wishes or slot.id in wishes]
    if not any(of_use(at, slot.starts_at) for slot in wanted):
        raise errors.TooLateToWait
    busy = busy_times(session, [person_id]).get(person_id, [])
    if any(one.session_id == row.id for one in busy):
        raise errors.AlreadyBooked
    room = [one for one in wanted if one.free >= devices and one.starts_at > at]
    if alone and any(could_come(busy, slot) for slot in room):
        raise errors.RoomLeft


def _refuse_closed(session: Session, at: datetime, row: ServiceSession) -> None:
    """Refuse closed days, outside the booking window, and before the draw of a session that has one."""
    if row.closed_for:
        raise errors.ClosedThatDay(why_zh=row.closed_for["zh"], why_en=row.closed_for["en"])
    if at < row.booking_opens_at:
        raise errors.NotOpenYet(opens=errors.local(row.booking_opens_at, row.zone))
    if at >= row.booking_closes_at:
        raise errors.BookingClosed(closed=errors.local(row.booking_closes_at, row.zone))
    refuse_draw(session, at, row)


def explained(error: IntegrityError) -> Exception:
    """Return the rule that a constraint stands for; the error itself where it is none of ours."""
    said = str(error.orig)
    if "uq_waitlist_entry_live" in said or "waitlist_entry.person_id" in said:
        return errors.WaitsAlready()
    if "uq_waitlist_entry_live_pair_seat" in said or "waitlist_entry.pair_id" in said:
        return errors.TwoAlready()
    return error
