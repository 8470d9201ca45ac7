"""Claiming what the waitlist offers: the place that was held becomes a booking in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.booking import errors
from services.booking.models.live import touch
from services.booking.use_cases import waitlist
from services.booking.use_cases.appointments import book_slot
from services.booking.use_cases.booking_rules import Device, Wish
from services.booking.use_cases.waitlist_offers import promote


def claim(
    session: Session,
    id: str,
    actor_id: str,
    devices: Sequence[Device],
    *,
    staff: bool,
    waiver_version: int | None = None,
) -> str:
    """Take the place that is held, with exactly the devices it is held for; return the appointment.

    Who comes along with somebody and has not answered yet waits on alone if they do not want theirs.
    """
    entry, slot_id, row = waitlist.take(session, id, actor_id)
    if len(devices) != entry.devices:
        many = entry.devices
        texts = (f"请正好填 {many} 件。", f"Please give exactly {many}.")
        raise errors.OtherCount(devices=many, fields={"devices": texts})
    wish = Wish(slot_id, entry.person_id, actor_id, tuple(devices), staff, held=True)
    booked = book_slot(session, replace(wish, waiver_version=waiver_version))
    promote(session, row)
    touch(session, row.id)
    return booked.id
