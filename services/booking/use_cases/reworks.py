"""A device that is back a short while after its repair: which one it is, and whether that can be."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.booking.errors.feedback import NotARework, ReworkOpen
from services.booking.models.ticket import OPEN, Ticket
from services.booking.queries.custody import held_of, policy
from services.booking.use_cases.booking_rules import Device
from shared.database import suite_time

NOT_THEIRS = ("没有找到这次维修。", "This repair was not found.")
TOO_OLD = (
    "这次维修隔得太久了，按新的登记就好。",
    "This repair is too long ago; bring it as a new device.",
)
ANOTHER = ("和上次修的不是同一类物品。", "This is not the kind of device that was repaired.")
STILL_HERE = ("这件还在我们这里，没有取走。", "This device is still here; it was not fetched.")


def refuse_reworks(
    session: Session, devices: Sequence[Device], person_id: str | None, *, staff: bool
) -> None:
    """Refuse an earlier ticket that is not this person's, open, too old, or of another kind.

    The desk may name any earlier ticket for somebody without an account.
    """
    wrong = {}
    for index, device in enumerate(devices):
        if device.rework_of is None:
            continue
        texts = _wrong(session, device, device.rework_of, person_id, staff=staff)
        if texts:
            wrong[f"devices.{index}.rework_of"] = texts
    if wrong:
        raise NotARework(fields=wrong)


def _wrong(
    session: Session, device: Device, earlier_id: str, person_id: str | None, *, staff: bool
) -> tuple[str, str] | None:
    earlier = session.get(Ticket, earlier_id)
    theirs = earlier is not None and (
        earlier.person_id == person_id if person_id and not staff else staff
    )
    if earlier is None or not theirs or earlier.closed_at is None or earlier.state != "closed":
        return NOT_THEIRS
    if earlier.person_id and person_id and earlier.person_id != person_id:
        return NOT_THEIRS
    days = timedelta(days=policy(session)["rework_days"])
    if suite_time(session) - (earlier.handed_back_at or earlier.closed_at) > days:
        return TOO_OLD
    if earlier.category_id != device.category_id:
        return ANOTHER
    if held_of(session, earlier.id) is not None:
        return STILL_HERE
    again = exists().where(Ticket.rework_of == earlier.id, Ticket.state.in_(OPEN))
    if session.scalar(select(again)):
        raise ReworkOpen
    return None
